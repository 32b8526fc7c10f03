import { useEffect, useRef, useState } from 'preact/hooks'
import { asApiError, ask } from '../api.ts'
import { Select } from '../choice.tsx'
import { formatTime } from '../format.ts'
import type { Zone } from '../format.ts'
import { CopyButton, consoleLink } from '../how-computed.tsx'
import type { SqlWindow } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import { loadQuestions } from '../library.ts'
import { navigate, place } from '../location.ts'
import { useAnswer } from '../use-answer.ts'
import { view } from '../view.ts'
import { createEditor } from './editor.ts'
import type { Editor } from './editor.ts'
import { remember, save } from './kept.ts'
import { QuestionForm } from './question-form.tsx'
import { Result } from './result.tsx'
import type { Outcome } from './result.tsx'
import { runQuestion, runSql } from './run.ts'
import type { Running } from './run.ts'
import { SideBar } from './side-bar.tsx'

const firstQuery = `SELECT operation, count() requests, sum(bytes_sent) bytes_sent
FROM operations
WHERE is_request
ORDER BY requests DESC
LIMIT 20`

const limits = { 100: '100 rows', 1000: '1,000 rows', 10000: '10,000 rows' }

/** One SELECT after another over one's own logs. The query is in the address, so that it can be handed on. */
export default function Console() {
  const params = new URLSearchParams(place.value.search)
  const asked = params.get('ask')
  const sent = params.get('q')
  const given = Object.fromEntries([...params].filter(([name]) => name !== 'ask' && name !== 'q'))
  const window = Object.fromEntries([...params].filter(([name]) => name === 'from' || name === 'to'))
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor | null>(null)
  const running = useRef<Running | null>(null)
  const [outcome, setOutcome] = useState<Outcome>({ state: 'idle' })
  const [limit, setLimit] = useState('1000')
  const [text, setText] = useState(sent ?? firstQuery)
  const schema = useAnswer('schema', (signal) => ask('GET /sql/schema', { signal }))
  const library = useAnswer('library', loadQuestions)
  const question = library.data?.find(({ name }) => name === asked) ?? null

  function show(started: Running, sql: string, onAnswer?: (answer: { sql?: string }) => void): void {
    running.current?.cancel()
    running.current = started
    setOutcome({ state: 'running' })
    editor.current?.mark(null)
    started.answer.then(
      (answer) => {
        if (running.current !== started) return
        running.current = null
        setOutcome({ state: 'done', answer, sql: answer.sql ?? sql })
        onAnswer?.(answer)
        if (sql) remember({ sql, at_ms: Date.now(), rows: answer.row_count, elapsed_ms: answer.elapsed_ms })
      },
      (cause: unknown) => {
        if (running.current !== started) return
        running.current = null
        const error = asApiError(cause)
        setOutcome({ state: 'failed', error })
        if (error.position) editor.current?.mark({ position: error.position, message: error.message })
        if (sql) remember({ sql, at_ms: Date.now(), rows: null, elapsed_ms: null })
      },
    )
  }

  function run(): void {
    const sql = editor.current?.chosen() ?? ''
    if (sql.trim() === '') return
    if (sql === editor.current?.text()) navigate(consoleLink(sql, window), { replace: true })
    show(runSql(sql, Number(limit), window), sql)
  }

  function askQuestion(name: string, about: Record<string, string>): void {
    navigate(`/sql?${new URLSearchParams({ ask: name, ...about })}`, { replace: true })
    show(runQuestion(name, about), '', ({ sql }) => sql && editor.current?.write(sql))
  }

  function cancel(): void {
    running.current?.cancel()
    running.current = null
    setOutcome({ state: 'cancelled' })
  }

  const latest = useRef({ run })
  latest.current = { run }
  useEffect(() => {
    if (!host.current) return
    const created = createEditor(host.current, { text, onRun: () => latest.current.run(), onChange: setText })
    editor.current = created
    // Whoever opens a link wants its answer: it is one SELECT over one's own rows, whoever wrote it.
    if (sent !== null) latest.current.run()
    return () => {
      running.current?.cancel()
      created.end()
      editor.current = null
    }
  }, [])
  useEffect(() => {
    if (sent !== null) editor.current?.write(sent)
  }, [sent])
  useEffect(() => {
    const tables = schema.data?.tables ?? []
    editor.current?.know(
      Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)])),
    )
  }, [schema.data])
  useEffect(() => {
    // Whoever opens a question wants its answer; it tells the SQL.
    if (question) askQuestion(question.name, given)
  }, [question?.name])

  const busy = outcome.state === 'running'
  return (
    <>
      <header class="page-head">
        <h1>SQL console</h1>
        <p>One SELECT over the access logs that you may read, in QuestDB's SQL.</p>
      </header>
      <div class="console">
        <SideBar
          schema={schema}
          library={library}
          open={asked ? 'library' : 'schema'}
          onInsert={(word) => editor.current?.insert(word)}
          onQuestion={(name) => navigate(`/sql?ask=${encodeURIComponent(name)}`)}
          onSql={(sql) => navigate(consoleLink(sql))}
        />
        <div class="console-main">
          <section class="panel console-editor" aria-label="Query">
            {question && (
              <QuestionForm
                key={question.name}
                question={question}
                given={given}
                busy={busy}
                onRun={(about) => askQuestion(question.name, about)}
                onClose={() => navigate('/sql')}
              />
            )}
            <div class="editor" ref={host} />
            <div class="console-bar">
              <button class="button primary" onClick={run} title="Ctrl+Enter">
                <Icon name="play" size={14} /> Run
              </button>
              <Select label="Rows at most" options={limits} chosen={limit} onChoose={setLimit} />
              {busy && (
                <button class="button danger" onClick={cancel}>
                  <Icon name="stop" size={14} /> Cancel
                </button>
              )}
              {question === null && Object.keys(window).length > 0 && (
                <button
                  class="chip"
                  aria-label="Leave the window: ask the last 90 days"
                  onClick={() => navigate(consoleLink(text))}
                >
                  {spanText(window, view.value.zone)} <Icon name="close" size={12} />
                </button>
              )}
              <span class="spacer" />
              <SaveQuery sql={text} />
              <CopyButton text={new URL(consoleLink(text, window), location.href).href} label="Link" />
            </div>
          </section>
          <section class="panel console-result" aria-label="Result of the query">
            <Result outcome={outcome} />
          </section>
        </div>
      </div>
    </>
  )
}

function spanText({ from = '', to = 'now' }: SqlWindow, zone: Zone): string {
  const write = (at: string): string => (Number.isNaN(Date.parse(at)) ? at : formatTime(at, zone, false))
  return `${write(from)} – ${write(to)}`
}

function SaveQuery({ sql }: { sql: string }) {
  const [name, setName] = useState<string | null>(null)
  if (name === null) {
    return (
      <button class="button" onClick={() => setName('')}>
        <Icon name="star" size={14} /> Save
      </button>
    )
  }
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) save(name.trim(), sql)
        setName(null)
      }}
    >
      <input
        class="input save-name"
        aria-label="Name of the query"
        placeholder="Name"
        value={name}
        ref={(input) => input?.focus()}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button class="button">Save</button>
    </form>
  )
}
