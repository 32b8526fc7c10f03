import { useState } from 'preact/hooks'
import { Icon, IconButton } from '../icon.tsx'
import type { Parameter, Question } from '../library.ts'

/** A question of the library with what it can be asked about. */
export function QuestionForm(props: {
  question: Question
  given: Record<string, string>
  busy: boolean
  onRun: (params: Record<string, string>) => void
  onClose: () => void
}) {
  const { question, given, busy, onRun, onClose } = props
  const { title, description, parameters } = question
  const [values, setValues] = useState<Record<string, string>>(given)
  const from: Parameter = {
    name: 'from',
    type: 'text',
    default: question.window ?? '24h',
    description: 'since when, such as 24h or 7d',
  }
  const set = (name: string, value: string): void => setValues({ ...values, [name]: value })
  const valueOf = (name: string): string => values[name] ?? ''
  return (
    <form
      class="question"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault()
        onRun(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')))
      }}
    >
      <div class="question-head">
        <div>
          <h2>{title}</h2>
          <p class="faint">{description}</p>
        </div>
        <IconButton label="Close the question" icon="close" onClick={onClose} />
      </div>
      <div class="row">
        {[from, ...parameters].map(({ name, description: hint, default: usual, choices }) => (
          <label key={name} class="parameter" title={hint}>
            <span>{name}</span>
            {choices ? (
              <select
                class="input"
                value={valueOf(name)}
                onChange={(event) => set(name, event.currentTarget.value)}
              >
                <option value="">{usual ?? 'any'}</option>
                {choices.map((choice) => (
                  <option key={choice}>{choice}</option>
                ))}
              </select>
            ) : (
              <input
                class="input"
                value={valueOf(name)}
                placeholder={String(usual ?? 'any')}
                onInput={(event) => set(name, event.currentTarget.value.trim())}
              />
            )}
          </label>
        ))}
        <button class="button primary" disabled={busy}>
          <Icon name="play" size={14} /> Ask
        </button>
      </div>
    </form>
  )
}
