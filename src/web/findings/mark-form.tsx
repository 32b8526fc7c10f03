import { useState } from 'preact/hooks'
import { ask, asApiError } from '../api.ts'
import type { AnswerTo } from '../api.ts'
import { Select } from '../choice.tsx'
import { refreshed } from '../failures.ts'

type Detail = AnswerTo<'GET /findings/:id'>

const days: Record<string, string> = { 1: '1 day', 7: '7 days', 30: '30 days', 90: '90 days' }
const day_ms = 86_400_000

/** Acknowledges a finding, mutes it with a note and an end, or takes either back. */
export function MarkForm({ finding, onMarked }: { finding: Detail; onMarked: (finding: Detail) => void }) {
  const { id, state } = finding
  const [muting, setMuting] = useState(false)
  const [note, setNote] = useState('')
  const [until_days, setUntilDays] = useState('7')
  const [problem, setProblem] = useState('')

  function mark(body: { state: 'acknowledged' | 'muted' | 'open'; note?: string; until?: string }): void {
    setProblem('')
    ask('POST /findings/:id/mark', { params: { id }, body }).then(
      (marked) => {
        setMuting(false)
        onMarked(marked)
        refreshed.value++
      },
      (cause: unknown) => setProblem(asApiError(cause).message),
    )
  }

  if (muting)
    return (
      <form
        class="row mute-form"
        onSubmit={(event) => {
          event.preventDefault()
          mark({
            state: 'muted',
            note,
            until: new Date(Date.now() + Number(until_days) * day_ms).toISOString(),
          })
        }}
      >
        <input
          class="input"
          aria-label="Why it is muted"
          placeholder="Why"
          required
          maxLength={1000}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
        <Select label="Muted for" options={days} chosen={until_days} onChoose={setUntilDays} />
        <button class="button primary">Mute</button>
        <button type="button" class="button" onClick={() => setMuting(false)}>
          Cancel
        </button>
        {problem && <span class="bad">{problem}</span>}
      </form>
    )
  return (
    <>
      {state === 'open' && (
        <button class="button" onClick={() => mark({ state: 'acknowledged' })}>
          Acknowledge
        </button>
      )}
      {state === 'muted' || state === 'acknowledged' ? (
        <button class="button" onClick={() => mark({ state: 'open' })}>
          Open again
        </button>
      ) : (
        <button class="button" onClick={() => setMuting(true)}>
          Mute…
        </button>
      )}
      {problem && <span class="bad">{problem}</span>}
    </>
  )
}
