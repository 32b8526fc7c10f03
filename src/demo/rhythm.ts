import { createRandom } from './random.ts'

/** A stretch of time through which traffic flows unevenly. */
export interface Rhythm {
  /** The moment by which this share (0 to 1) of the traffic has come, in ms. */
  at(share: number): number
  /** The share that has come by this moment. */
  share(at_ms: number): number
}

const HOUR_MS = 3_600_000

/** How busy a moment is: 1 on average, low at night, calmer at the weekend. */
export function busyness(at_ms: number, peak_hour_utc: number): number {
  const angle = ((at_ms / HOUR_MS - peak_hour_utc) / 24) * 2 * Math.PI
  const weekday = new Date(at_ms).getUTCDay()
  return (1 + 0.7 * Math.cos(angle)) * (weekday === 0 || weekday === 6 ? 0.75 : 1.1)
}

/** Day rhythm with some noise; nothing at all comes in `silence`. */
export function createRhythm(options: {
  from_ms: number
  to_ms: number
  peak_hour_utc: number
  seed: number
  silence?: { from_ms: number; to_ms: number } | undefined
}): Rhythm {
  const { from_ms, to_ms, peak_hour_utc, silence } = options
  const random = createRandom(options.seed, 'rhythm', peak_hour_utc)
  const step_ms = Math.max(1, (to_ms - from_ms) / Math.min(2016, Math.ceil((to_ms - from_ms) / 60_000)))
  const edges = new Set<number>([to_ms])
  for (let at_ms = from_ms; at_ms < to_ms; at_ms += step_ms) edges.add(at_ms)
  for (const edge of silence ? [silence.from_ms, silence.to_ms] : [])
    if (edge > from_ms && edge < to_ms) edges.add(edge)
  const times = Float64Array.from([...edges].toSorted((a, b) => a - b))
  const come = new Float64Array(times.length)
  for (let index = 1; index < times.length; index++) {
    const start_ms = at(times, index - 1)
    const silent = silence !== undefined && start_ms >= silence.from_ms && start_ms < silence.to_ms
    const weight = silent ? 0 : busyness(start_ms, peak_hour_utc) * random.around(1, 0.15)
    come[index] = at(come, index - 1) + weight * (at(times, index) - start_ms)
  }
  const total = at(come, come.length - 1)
  return {
    at: (share) => Math.min(interpolate(come, times, share * total), to_ms - 1),
    share: (at_ms) => interpolate(times, come, at_ms) / total,
  }
}

/** `xs` does not fall; on a level stretch the later end counts. */
function interpolate(xs: Float64Array, ys: Float64Array, x: number): number {
  let low = 0
  let high = xs.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (at(xs, middle) <= x) low = middle
    else high = middle
  }
  const width = at(xs, high) - at(xs, low)
  const part = width > 0 ? Math.min(1, Math.max(0, (x - at(xs, low)) / width)) : 0
  return at(ys, low) + part * (at(ys, high) - at(ys, low))
}

function at(values: Float64Array, index: number): number {
  return values[index] as number
}
