import { InvalidError } from '../errors.ts'
import type { Window } from '../metrics/window.ts'
import type { BaselineName } from './answers.ts'

/** `[from_ms, to_ms)` since the epoch. */
export interface Span {
  from_ms: number
  to_ms: number
}

/** A selection, what it is held against, and what a figure of that is multiplied by, so that both are of one length. */
export interface Windows {
  kind: BaselineName
  selection: Span
  baseline: Span[]
  scale: number
  /** Of the series; of the selection and of each part of the baseline a first interval begins with it. */
  step_ms: number
  notes: string[]
}

const week_ms = 7 * 86_400_000
const intervals = 40

/**
 * The baseline of a selection, as far as there are logs: cut where they begin (`begins_ms`; null: there are none), and at
 * `now_ms`. Throws InvalidError for a selection that lies in the future.
 */
export function windowsOf(
  { from_ms, to_ms: asked_ms }: Window,
  kind: BaselineName,
  { begins_ms, now_ms }: { begins_ms: number | null; now_ms: number },
): Windows {
  const to_ms = Math.min(asked_ms, now_ms)
  if (to_ms <= from_ms)
    throw new InvalidError('Cannot explain the window: it lies in the future', 'write from earlier than now')
  const length_ms = to_ms - from_ms
  const before = { from_ms: from_ms - length_ms, to_ms: from_ms }
  const spans: Record<BaselineName, Span[]> = {
    previous: [before],
    neighbourhood: [before, { from_ms: to_ms, to_ms: Math.min(to_ms + length_ms, now_ms) }],
    week: [{ from_ms: from_ms - week_ms, to_ms: to_ms - week_ms }],
  }
  if (kind === 'week' && length_ms > week_ms)
    throw new InvalidError(
      'Cannot compare with the week before: the window is longer than seven days',
      'write baseline=previous',
    )
  const first_ms = begins_ms ?? Number.POSITIVE_INFINITY
  const baseline = spans[kind]
    .map((span) => ({ ...span, from_ms: Math.max(span.from_ms, Math.min(first_ms, span.to_ms)) }))
    .filter((span) => span.from_ms < span.to_ms)
  const [whole, kept] = [spans[kind], baseline].map(lengthOf)
  const notes: string[] = []
  if (begins_ms === null) notes.push('there are no logs yet')
  else if (baseline.length === 0)
    notes.push(
      `the baseline is empty: logs begin at ${iso(begins_ms)}, so all of the selection counts as new; choose a later window or another baseline`,
    )
  else if (kept !== whole && spans[kind].some((span) => span.from_ms < begins_ms && begins_ms < span.to_ms))
    notes.push(`logs begin at ${iso(begins_ms)}, inside the baseline: it is cut to begin there, and scaled`)
  return {
    kind,
    selection: { from_ms, to_ms },
    baseline,
    scale: baseline.length === 0 ? 1 : length_ms / lengthOf(baseline),
    step_ms: Math.max(1, Math.ceil(length_ms / intervals / 1000)) * 1000,
    notes,
  }
}

/** All that is looked at, from the first moment to the last. */
export function hullOf({ selection, baseline }: Pick<Windows, 'selection' | 'baseline'>): Span {
  const all = [selection, ...baseline]
  return {
    from_ms: Math.min(...all.map(({ from_ms }) => from_ms)),
    to_ms: Math.max(...all.map(({ to_ms }) => to_ms)),
  }
}

/** ISO 8601 in UTC. */
export function iso(ms: number): string {
  return new Date(ms).toISOString()
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from_ms, to_ms }) => sum + to_ms - from_ms, 0)
}
