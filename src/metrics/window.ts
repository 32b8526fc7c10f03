import { InvalidError } from '../errors.ts'

/** `[from_ms, to_ms)` since the epoch. Intervals of `step_ms` begin at multiples of it since a Monday 00:00 UTC; null: no intervals. */
export interface Window {
  from_ms: number
  to_ms: number
  step_ms: number | null
}

export interface WindowParams {
  /** ISO 8601 (UTC unless it says otherwise), milliseconds since the epoch, `now`, `6h` or `now-6h`. */
  from?: string | undefined
  to?: string | undefined
  /** `30s`, `5m`, `1h`, `1d`; `none`: one row for the whole window. */
  step?: string | undefined
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const units: Record<string, number> = { s: second, m: minute, h: hour, d: day, w: 7 * day }

const maxWindow_ms = 3660 * day
const maxPoints = 1500
const defaultPoints = 300
const niceSteps = [
  ...[1, 5, 10, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 7, 28].map((n) => n * day),
]

/** Reads a window; the last 24 hours by default. `intervals`: whether a step is chosen where none is given (at most 300 intervals). */
export function parseWindow({ from, to, step }: WindowParams, now_ms: number, intervals: boolean): Window {
  const to_ms = to === undefined ? now_ms : parseTime('to', to, now_ms)
  const from_ms = from === undefined ? to_ms - day : parseTime('from', from, now_ms)
  if (from_ms >= to_ms) {
    throw new InvalidError(
      `Cannot use the window: from (${iso(from_ms)}) is not before to (${iso(to_ms)})`,
      'write from earlier than to, such as from=6h',
    )
  }
  if (to_ms - from_ms > maxWindow_ms) {
    throw new InvalidError(
      `Cannot use the window: it is ${Math.round((to_ms - from_ms) / day)} days long`,
      'ask for at most 3660 days',
    )
  }
  return { from_ms, to_ms, step_ms: parseStep(step, to_ms - from_ms, intervals) }
}

function parseStep(step: string | undefined, duration_ms: number, intervals: boolean): number | null {
  if (step === 'none') return null
  if (step === undefined) {
    if (!intervals) return null
    return niceSteps.find((nice) => duration_ms / nice <= defaultPoints) ?? 28 * day
  }
  const step_ms = parseDuration(step)
  if (step_ms === null || step_ms > 366 * day) {
    throw new InvalidError(`Cannot use step '${step}'`, 'write one such as 30s, 5m, 1h or 1d, or none')
  }
  if (duration_ms / step_ms > maxPoints) {
    const least = niceSteps.find((nice) => duration_ms / nice <= maxPoints) ?? 28 * day
    throw new InvalidError(
      `Cannot use step '${step}': it cuts the window into more than ${maxPoints} intervals`,
      `write step=${least / second}s or a longer one`,
    )
  }
  return step_ms
}

/** `90s`, `5m`, `6h`, `7d`, `2w` as milliseconds; null for anything else. */
function parseDuration(text: string): number | null {
  const match = /^(\d{1,6})([smhdw])$/.exec(text)
  const unit = units[match?.[2] ?? '']
  const duration = Number(match?.[1]) * (unit ?? Number.NaN)
  return duration > 0 ? duration : null
}

function parseTime(name: 'from' | 'to', text: string, now_ms: number): number {
  if (text === 'now') return now_ms
  const ago = parseDuration(text.replace(/^now-/, ''))
  if (ago !== null) return now_ms - ago
  const isoText = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text)
  // Without a zone JavaScript would take the machine's.
  const zoned = isoText?.[1] && !isoText[4] ? `${text}Z` : text
  const time = isoText
    ? Date.parse(zoned.replace(' ', 'T'))
    : /^\d{12,14}$/.test(text)
      ? Number(text)
      : Number.NaN
  // Years that QuestDB's timestamps cannot hold.
  if (time >= 0 && time < Date.UTC(2200, 0)) return time
  throw new InvalidError(
    `Cannot read ${name}: '${text}' is no time`,
    'write ISO 8601 (2026-10-05T14:00:00Z), milliseconds since the epoch, now, or a time ago such as 6h',
  )
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
