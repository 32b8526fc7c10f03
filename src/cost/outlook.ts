import type { CostDay } from './answers.ts'
import type { Usage } from './bill.ts'
import { forecastFlow, forecastLevel } from './forecast.ts'
import type { Day, Outlook, Range } from './forecast.ts'
import { day_ms, dayOf } from './month.ts'
import type { Month } from './month.ts'
import { dayName } from './usage.ts'
import type { UsedDay } from './usage.ts'

/** What a month will have used. Lows are added to lows and highs to highs, which is wider than nine in ten. */
export interface MonthOutlook {
  value: Usage
  low: Usage
  high: Usage
  /** Of what flows: bytes and requests; null: too few days. */
  flows: string | null
  /** Of what is stored; null: no snapshot. */
  level: string | null
}

type Flow = 'origin_bytes' | 'cdn_bytes' | 'writes' | 'reads'
export const flowNames: readonly Flow[] = ['origin_bytes', 'cdn_bytes', 'writes', 'reads']

export interface Observed {
  month: Month
  now_ms: number
  /** Days before this moment are over, and their logs are here. */
  closed_ms: number
  used: readonly UsedDay[]
  /** What was stored on the days that are known, all buckets together. */
  stored: readonly Day[]
  /** The mean of those days of the month; null: none is known. */
  stored_bytes: number | null
}

/** The whole days that can be learned from: the first one with requests may have begun before its logs. */
export function wholeDays({ used, closed_ms }: Pick<Observed, 'used' | 'closed_ms'>): UsedDay[] {
  const [first] = used
  if (!first) return []
  const known = new Map(used.map((day) => [day.day, day]))
  const count = Math.max(0, dayOf(closed_ms) - first.day - 1)
  return Array.from({ length: count }, (_, n) => {
    const day = first.day + 1 + n
    return known.get(day) ?? { day, origin_bytes: 0, cdn_bytes: 0, writes: 0, reads: 0 }
  })
}

interface Flows {
  /** Days that go on, or whose logs may still come, and those that have not begun. */
  open: number[]
  coming: number[]
  outlook: Record<Flow, { open: Outlook; coming: Outlook }>
}

function flowsOf(observed: Observed): Flows | null {
  const { month, now_ms } = observed
  const whole = wholeDays(observed)
  const from = Math.max(dayOf(month.from_ms), (whole.at(-1)?.day ?? -1) + 1)
  const rest = Array.from({ length: Math.max(0, dayOf(month.to_ms) - from) }, (_, n) => from + n)
  const open = rest.filter((day) => day <= dayOf(now_ms))
  const coming = rest.filter((day) => day > dayOf(now_ms))
  const outlooks = flowNames.flatMap((name) => {
    const past = whole.map((day) => ({ day: day.day, value: day[name] }))
    const [ofOpen, ofComing] = [forecastFlow(past, open), forecastFlow(past, coming)]
    return ofOpen && ofComing ? [[name, { open: ofOpen, coming: ofComing }] as const] : []
  })
  if (outlooks.length < flowNames.length) return null
  return { open, coming, outlook: Object.fromEntries(outlooks) as Flows['outlook'] }
}

/** What the whole month will have used: what was sent so far, and what the rest will bring. Null: too few days to tell. */
export function monthOutlook(observed: Observed): MonthOutlook | null {
  const flows = flowsOf(observed)
  if (!flows) return null
  const { month, used, now_ms, closed_ms, stored_bytes } = observed
  const level = levelOf(observed)
  const usageOf = (kind: keyof Range): Usage => {
    const sums = flowNames.map((name) => {
      const { open, coming } = flows.outlook[name]
      const seen = used.reduce((sum, day) => sum + (isWithin(month, day.day) ? day[name] : 0), 0)
      const rest = open.days.reduce(
        (sum, day, index) => sum + day[kind] * left(flows.open[index] ?? 0, closed_ms),
        0,
      )
      return [name, seen + rest + coming.sum[kind]] as const
    })
    const stored = level ? level.sum[kind] : stored_bytes
    return { ...(Object.fromEntries(sums) as Record<Flow, number>), stored_bytes: stored }
  }
  const isOver = now_ms >= month.to_ms
  return {
    value: usageOf('value'),
    low: usageOf('low'),
    high: usageOf('high'),
    flows: isOver ? null : flows.outlook.origin_bytes.coming.how,
    level: isOver ? null : (level?.how ?? null),
  }
}

const isWithin = ({ from_ms, to_ms }: Month, day: number): boolean =>
  day >= dayOf(from_ms) && day < dayOf(to_ms)

/** The share of a day that comes after a moment. */
function left(day: number, at_ms: number): number {
  return Math.min(1, Math.max(0, day + 1 - at_ms / day_ms))
}

// The days that are known stand for those before them, and the days to come go on as the last ones did.
function levelOf({ month, now_ms, stored, stored_bytes }: Observed): Omit<Outlook, 'days'> | null {
  const today = dayOf(Math.min(now_ms, month.to_ms - 1))
  const coming = dayOf(month.to_ms) - 1 - today
  const level = forecastLevel(trailing(stored), coming)
  if (stored_bytes === null || !level) return null
  if (coming === 0)
    return { sum: { value: stored_bytes, low: stored_bytes, high: stored_bytes }, how: level.how }
  const over = month.days - coming
  const mean = (value: number): number => (stored_bytes * over + value * coming) / month.days
  const { value, low, high } = level.sum
  return { sum: { value: mean(value), low: mean(low), high: mean(high) }, how: level.how }
}

/** The last values that follow each other without a day between. */
function trailing(days: readonly Day[]): number[] {
  const gap = days.findLastIndex(({ day }, index) => index > 0 && days[index - 1]?.day !== day - 1)
  return days.slice(Math.max(0, gap)).map(({ value }) => value)
}

/** Each day of the month: what it sent, and what it will. */
export function monthDays(observed: Observed): CostDay[] {
  const { month, used, closed_ms, now_ms } = observed
  const flows = flowsOf(observed)
  const first = dayOf(month.from_ms)
  return Array.from({ length: month.days }, (_, n): CostDay => {
    const day = first + n
    const seen = used.find((one) => one.day === day)
    const isToCome = day > dayOf(now_ms)
    const known = used[0] !== undefined && day >= used[0].day && !isToCome
    const range = (name: Flow): Range | undefined => {
      const { open, coming } = flows?.outlook[name] ?? {}
      return open?.days[flows?.open.indexOf(day) ?? -1] ?? coming?.days[flows?.coming.indexOf(day) ?? -1]
    }
    const [origin, cdn] = [range('origin_bytes'), range('cdn_bytes')]
    const both = (kind: keyof Range): number | null => (origin && cdn ? origin[kind] + cdn[kind] : null)
    return {
      day: dayName(day),
      origin_bytes: known ? (seen?.origin_bytes ?? 0) : null,
      cdn_bytes: known ? (seen?.cdn_bytes ?? 0) : null,
      complete: day < dayOf(closed_ms),
      forecast_bytes: both('value'),
      forecast_low: both('low'),
      forecast_high: both('high'),
    }
  })
}
