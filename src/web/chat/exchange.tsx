import { formatMs } from '../format.ts'
import { CopyButton } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import { Failed } from '../states.tsx'
import { askInWords } from './conversation.ts'
import type { Exchange, ToolStep } from './conversation.ts'
import { EvidenceCard } from './evidence.tsx'
import { Markdown } from './markdown.tsx'

/** A question, the steps to its answer as they run, the answer, and what it rests on. */
export function ExchangeView({ exchange, onRetry }: { exchange: Exchange; onRetry: () => void }) {
  const { question, status, steps, text, answer, error, state } = exchange
  const said = answer?.answer ?? text
  const answered = answer?.evidence?.length ? answer.nearest?.[0]?.name : undefined
  const isOfModel = (answer?.usage?.tokens ?? 0) > 0
  const others = isOfModel ? [] : (answer?.nearest ?? []).filter(({ name }) => name !== answered)
  const unproven = answer?.proof?.unproven ?? []
  return (
    <article class="exchange" aria-label={question}>
      <p class="asked">{question}</p>
      {steps.length > 0 && (
        <ol class="tool-steps" aria-label="Steps">
          {steps.map((step) => (
            <Step key={step.id} step={step} />
          ))}
        </ol>
      )}
      {state === 'running' && (
        <p class="thinking" role="status">
          <i class="beat" /> {status || 'Thinking'}…
        </p>
      )}
      {said && <Markdown text={said} />}
      {error && <Failed error={error} retry={false} />}
      {state === 'stopped' && <p class="faint">Stopped.</p>}
      {unproven.length > 0 && (
        <p class="panel-warning">
          <Icon name="warning" size={14} /> Not found in the evidence: {unproven.join(', ')}
        </p>
      )}
      {answer?.complete === false && (
        <p class="panel-warning">
          <Icon name="warning" size={14} /> The answer was ended before it was finished.
        </p>
      )}
      {answer?.usage !== undefined && answer.usage.tokens > 0 && answer.evidence?.length === 0 && (
        <p class="panel-warning">
          <Icon name="warning" size={14} /> Nothing was looked up for this answer.
        </p>
      )}
      {(answer?.evidence ?? []).map((evidence, index) => (
        <EvidenceCard key={evidence.id} evidence={evidence} open={index === 0 && !answer?.usage?.tokens} />
      ))}
      {state !== 'running' && others.length > 0 && (
        <div class="near" role="group" aria-label="What else may be meant">
          {others.map(({ name, title }) => (
            <button type="button" key={name} onClick={() => void askInWords(question, name)}>
              <Icon name="book" size={14} /> {title}
            </button>
          ))}
        </div>
      )}
      {state !== 'running' && (
        <footer class="row exchange-foot">
          {said && <CopyButton text={said} />}
          <button class="button" onClick={onRetry}>
            <Icon name="refresh" size={14} /> Ask again
          </button>
          {answer?.usage !== undefined && answer.usage.tokens > 0 && (
            <span class="faint num">
              {answer.usage.steps} steps, {answer.usage.tokens.toLocaleString('en')} tokens
            </span>
          )}
        </footer>
      )}
    </article>
  )
}

const icons = { running: 'more', good: 'check', bad: 'cross' } as const
const words = { running: 'running', good: 'done', bad: 'failed' }

function Step({ step }: { step: ToolStep }) {
  const { tool, state, row_count, truncated, elapsed_ms, error } = step
  const given = Object.entries(step.arguments).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return (
    <li class={`tool-step tool-${state}`}>
      <span class="tool-mark" role="img" aria-label={words[state]}>
        <Icon name={icons[state]} size={13} />
      </span>
      <b>{tool}</b>
      <code>{given.join(', ')}</code>
      <span class="faint num">
        {error ?? (row_count === undefined ? '' : `${row_count} rows${truncated ? ', cut' : ''}`)}
        {elapsed_ms !== undefined && ` ${formatMs(elapsed_ms)}`}
      </span>
    </li>
  )
}
