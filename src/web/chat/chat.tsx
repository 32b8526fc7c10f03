import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { createRank } from '../../search/rank.ts'
import { Icon, Logo } from '../icon.tsx'
import { loadQuestions } from '../library.ts'
import type { Question } from '../library.ts'
import { session } from '../session.ts'
import { useAnswer } from '../use-answer.ts'
import { askInWords, askLibrary, beginAnew, exchanges, stop } from './conversation.ts'
import { ExchangeView } from './exchange.tsx'

const suggestionsShown = 8
const nearShown = 4
const letters = 4000

/** Questions in words, and those of the library, which need no model. */
export default function Chat() {
  const library = useAnswer('library', loadQuestions)
  const all = exchanges.value
  const end = useRef<HTMLDivElement>(null)
  const hasModel = session.value?.agent_available === true
  const questions = library.data ?? []
  const busy = all.some(({ state }) => state === 'running')
  const last = all.at(-1)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' })
  }, [all.length, last?.steps.length, last?.state])

  const again = (question: string): void => {
    const known = questions.find(({ title }) => title === question)
    void (known ? askLibrary(known) : askInWords(question))
  }
  return (
    <div class="chat">
      <header class="page-head chat-head">
        <h1>Chat</h1>
        {all.length > 0 && (
          <button class="button" onClick={beginAnew}>
            <Icon name="plus" size={14} /> New conversation
          </button>
        )}
      </header>
      <div class="chat-body">
        {all.length === 0 && <Welcome questions={questions} hasModel={hasModel} />}
        {all.map((exchange) => (
          <ExchangeView key={exchange.id} exchange={exchange} onRetry={() => again(exchange.question)} />
        ))}
        {all.length > 0 && !busy && <Suggestions questions={others(questions, all.length)} />}
        <div ref={end} />
      </div>
      <Composer busy={busy} hasModel={hasModel} questions={questions} />
    </div>
  )
}

function Welcome({ questions, hasModel }: { questions: Question[]; hasModel: boolean }) {
  return (
    <section class="welcome" aria-label="How to begin">
      <Logo size={40} />
      <h2>What do you want to know about your buckets?</h2>
      <p>
        {hasModel
          ? 'Each answer comes with its evidence: the rows, the SQL and a chart.'
          : 'No model is configured: the library answers by SQL alone where it is certain what you mean, and shows what is nearest where it is not.'}
      </p>
      <Suggestions questions={spread(questions)} />
    </section>
  )
}

function Suggestions({ questions }: { questions: Question[] }) {
  return (
    <div class="suggestions" role="group" aria-label="Suggested questions">
      {questions.map((question) => (
        <button key={question.name} title={question.description} onClick={() => void askLibrary(question)}>
          <span>{question.title}</span>
          <small>{question.category}</small>
        </button>
      ))}
    </div>
  )
}

/** A few of each category. */
function spread(questions: Question[]): Question[] {
  const categories = [...Map.groupBy(questions, ({ category }) => category).values()]
  const rounds = Array.from({ length: suggestionsShown }, (_, round) =>
    categories.flatMap((category) => category[round] ?? []),
  )
  return rounds.flat().slice(0, suggestionsShown)
}

function others(questions: Question[], turn: number): Question[] {
  const from = questions.length === 0 ? 0 : (turn * 3) % questions.length
  return [...questions, ...questions].slice(from, from + 3)
}

/** Says that the library has no such question, and what it has questions about. */
function Missed(props: { text: string; questions: Question[]; onPick: (category: string) => void }) {
  const { text, questions, onPick } = props
  const categories = [...Map.groupBy(questions, ({ category }) => category)]
  return (
    <div class="near" role="group" aria-label="What the library has">
      <p class="faint" role="status">
        No question of the library is about “{text}”. It has questions about:
      </p>
      {categories.map(([category, of]) => (
        <button type="button" key={category} onClick={() => onPick(category)}>
          <Icon name="book" size={14} /> {category} <small class="faint">{of.length}</small>
        </button>
      ))}
    </div>
  )
}

function Composer({
  busy,
  hasModel,
  questions,
}: {
  busy: boolean
  hasModel: boolean
  questions: Question[]
}) {
  const [text, setText] = useState('')
  const wanted = text.trim()
  const rank = useMemo(() => createRank(questions), [questions])
  const near = useMemo(
    () => (wanted.length < 2 ? [] : rank(wanted).slice(0, nearShown)).map(({ entry }) => entry),
    [wanted, rank],
  )
  const isMissed = !hasModel && wanted.length > 2 && near.length === 0 && questions.length > 0
  const send = (): void => {
    const message = text.trim()
    if (busy || message === '') return
    setText('')
    void askInWords(message)
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {near.length > 0 && (
        <div class="near" role="group" aria-label="Questions of the library">
          {near.map((question) => (
            <button
              type="button"
              key={question.name}
              onClick={() => {
                setText('')
                void askLibrary(question)
              }}
            >
              <Icon name="book" size={14} /> {question.title}
            </button>
          ))}
        </div>
      )}
      {isMissed && <Missed text={wanted} questions={questions} onPick={setText} />}
      <div class="composer-box">
        <textarea
          aria-label="Question"
          rows={1}
          maxLength={letters}
          placeholder={
            hasModel
              ? 'Ask about requests, errors, bandwidth, objects…'
              : 'Ask in a few words, such as: who deleted files yesterday?'
          }
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        {busy && (
          <button type="button" class="button danger" onClick={stop}>
            <Icon name="stop" size={14} /> Stop
          </button>
        )}
        <button class="button primary" aria-label="Send" disabled={busy || wanted === ''}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  )
}
