import { localTime, momentOf } from './zone.ts'

/** A window that a text names: `text` is what names it. */
export interface SaidWindow {
  from_ms: number
  to_ms: number
  text: string
  /** Where it is told by a number of hours or days up to now. */
  ago: { count: number; unit: string } | null
}

const hour_ms = 3_600_000
const lengths_ms: Record<string, number> = {
  minute: 60_000,
  hour: hour_ms,
  day: 24 * hour_ms,
  week: 168 * hour_ms,
  month: 720 * hour_ms,
}
const unitNames: [RegExp, string][] = [
  [/^min/, 'minute'],
  [/^(h|hours?|hrs?|stunden?|std)$/, 'hour'],
  [/^(d|days?|tagen?|tage)$/, 'day'],
  [/^(w|weeks?|wochen?)$/, 'week'],
  [/^(months?|monate?n?)$/, 'month'],
]
const numberWords = [
  ['a', 'an', 'one', 'ein', 'eine', 'einer', 'einem'],
  ['two', 'zwei'],
  ['three', 'drei'],
  ['four', 'vier'],
  ['five', 'fünf'],
  ['six', 'sechs'],
  ['seven', 'sieben'],
  ['eight', 'acht'],
  ['nine', 'neun'],
  ['ten', 'zehn'],
  ['eleven', 'elf'],
  ['twelve', 'zwölf'],
]
const numbers = numberWords.flat().join('|')
const numberValues = new Map(numberWords.flatMap((words, at) => words.map((word) => [word, at + 1] as const)))
const unit =
  'minutes?|mins?|minuten|hours?|hrs?|h|stunden?|std|days?|d|tage?n?|weeks?|w|wochen?|months?|monate?n?'
const weekdayNames = [
  'sunday|sonntag',
  'monday|montag',
  'tuesday|dienstag',
  'wednesday|mittwoch',
  'thursday|donnerstag',
  'friday|freitag',
  'saturday|samstag|sonnabend',
]
const weekdays = weekdayNames.join('|')
const months = [
  'january|januar',
  'february|februar',
  'march|märz',
  'april',
  'may|mai',
  'june|juni',
  'july|juli',
  'august',
  'september',
  'october|oktober',
  'november',
  'december|dezember',
]
const month = months.join('|')
const last = 'last|past|previous|letzten?|letzter|letztem|vergangenen?|vorigen?|vergangener'
const clock = String.raw`(\d{1,2})(?::(\d\d))?\s*(am|pm|o'clock|uhr|h)?`
const day = `today|yesterday|the day before yesterday|day before yesterday|heute|gestern|vorgestern|(?:(?:${last}|on|am)\\s+)*(?:${weekdays})|(?:on\\s+|am\\s+)?\\d{4}-\\d\\d-\\d\\d|(?:on\\s+|am\\s+)?\\d{1,2}\\.\\s?(?:\\d{1,2}\\.(?:\\d{4})?|(?:${month})(?:\\s+\\d{4})?)|(?:on\\s+)?(?:the\\s+)?\\d{1,2}(?:st|nd|rd|th)?(?:\\s+of)?\\s+(?:${month})(?:\\s+\\d{4})?|(?:on\\s+)?(?:${month})\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?`

interface Now {
  now_ms: number
  zone: string
}
type Span = Pick<SaidWindow, 'from_ms' | 'to_ms'> & { ago?: SaidWindow['ago'] }
/** How a window may be written, the longest forms first. */
const forms: [RegExp, (groups: (string | undefined)[], now: Now) => Span | null][] = [
  [
    form(
      `(?:(${day}),?\\s+)?(?:between|from|zwischen|von)\\s+${clock}\\s*(?:and|to|until|und|bis|-|–)\\s*${clock}(?:\\s+(${day}))?`,
    ),
    ([before, fromHour, fromMinute, fromHalf, toHour, toMinute, toHalf, after], now) => {
      if (!fromHalf && !toHalf && !fromMinute && !toMinute && !before && !after) return null
      const named = startOfDay(before ?? after ?? 'today', now)
      const from = named && timeOf(named, [fromHour, fromMinute, fromHalf ?? toHalf], now)
      const to = named && timeOf(named, [toHour, toMinute, toHalf], now)
      return from === null || to === null || named === null ? null : { from_ms: from, to_ms: to }
    },
  ],
  [
    form(`(?:in\\s+)?(?:the\\s+|der\\s+)?(?:hour|stunde)\\s+(?:from|ab|of|von)\\s+${clock}(?:\\s+(${day}))?`),
    ([hour, minute, half, named], now) => {
      const start = startOfDay(named ?? 'today', now)
      const from = start && timeOf(start, [hour, minute, half], now)
      return from ? { from_ms: from, to_ms: from + hour_ms } : null
    },
  ],
  [
    form(`(?:since|seit)\\s+(?:(${day})(?:\\s+(?:at|um)\\s+${clock})?|${clock}(?:\\s+(${day}))?)`),
    ([named, hour, minute, half, onlyHour, onlyMinute, onlyHalf, after], now) => {
      if (onlyHour !== undefined && !onlyHalf && !onlyMinute) return null
      const start = startOfDay(named ?? after ?? 'today', now)
      if (!start) return null
      const at = hour ?? onlyHour
      const from = at
        ? timeOf(start, [at, minute ?? onlyMinute, half ?? onlyHalf], now)
        : startMs(start, now.zone)
      if (from === null) return null
      // "Since 5 pm" at noon is since 5 pm of the day before.
      const isAhead = from > now.now_ms && named === undefined && after === undefined
      return { from_ms: isAhead ? startShifted(from, -1, now.zone) : from, to_ms: now.now_ms }
    },
  ],
  [
    form(
      `(?:since|seit|in|im|during|for)?\\s*(?:the\\s+|den\\s+|der\\s+|dem\\s+|des\\s+)?(?:within|innerhalb|binnen|in|over|of|von)?\\s*(?:the\\s+|den\\s+|der\\s+)?(?:${last})\\s+(\\d{1,4}|${numbers})?\\s*(${unit})`,
    ),
    ([count, name], now) => ago(count, name, now, true),
  ],
  [
    form(
      `(?:since|seit|within|innerhalb von|innerhalb|binnen|for|in)\\s+(?:the\\s+|den\\s+)?(\\d{1,4}|${numbers})\\s*(${unit})`,
    ),
    ([count, name], now) => ago(count, name, now, false),
  ],
  [
    form(`(?:since\\s+|seit\\s+|in\\s+)?(this|dieser?|diesem|diesen)\\s+(week|woche|month|monat)`),
    ([, name], now) => ({ from_ms: startOf(name ?? '', now, 0), to_ms: now.now_ms }),
  ],
  [
    form(`(since|seit)\\s+(?:early\\s+|anfang\\s+)?(${month})(?:\\s+(\\d{4}))?`),
    ([, name, year], now) => {
      const whole = monthOf(name ?? '', year, now)
      return whole && { from_ms: whole.from_ms, to_ms: now.now_ms }
    },
  ],
  [
    form(`(?:on\\s+|am\\s+|von\\s+|of\\s+)?(${day})`),
    ([named], now) => {
      const start = startOfDay(named ?? '', now)
      if (!start) return null
      const from_ms = startMs(start, now.zone)
      return from_ms < now.now_ms
        ? { from_ms, to_ms: Math.min(now.now_ms, startShifted(from_ms, 1, now.zone)) }
        : null
    },
  ],
  [
    form(`(?:in|im|during|of|vom)\\s+(?:the\\s+month\\s+of\\s+|monat\\s+)?(${month})(?:\\s+(\\d{4}))?`),
    ([name, year], now) => monthOf(name ?? '', year, now),
  ],
  [form(`(?:the\\s+)?(?<count>\\d{1,4})\\s*(h|d|w)`), ([count, name], now) => ago(count, name, now, false)],
]

function form(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}/._-])(?:${pattern})(?![\\p{L}\\p{N}/_])`, 'iu')
}

/** The first window that a text in English or German names, by the clocks of a zone; null where it names none that is past. */
export function windowIn(text: string, now: Now): SaidWindow | null {
  for (const [pattern, read] of forms) {
    const match = pattern.exec(text)
    const span = match && read(match.slice(1), now)
    if (match && span && span.from_ms < span.to_ms && span.from_ms < now.now_ms)
      return {
        from_ms: span.from_ms,
        to_ms: Math.min(span.to_ms, now.now_ms),
        text: match[0].trim(),
        ago: span.ago ?? null,
      }
  }
  return null
}

/** "The last week" is the calendar's, "the last 7 days" end now. */
function ago(count: string | undefined, name: string | undefined, now: Now, isLast: boolean): Span | null {
  const length = unitNames.find(([pattern]) => pattern.test(name?.toLowerCase() ?? ''))?.[1]
  if (!length) return null
  const number = count === undefined ? 1 : (numberValues.get(count.toLowerCase()) ?? Number(count))
  if (!number) return null
  if (count === undefined && isLast && (length === 'week' || length === 'month'))
    return { from_ms: startOf(length, now, -1), to_ms: startOf(length, now, 0) }
  if (count === undefined && length === 'day') return null
  const from_ms = now.now_ms - number * (lengths_ms[length] ?? 0)
  return { from_ms, to_ms: now.now_ms, ago: { count: number, unit: length } }
}

interface Day {
  year: number
  month: number
  day: number
}

function startMs(start: Day, zone: string): number {
  return momentOf({ ...start, hour: 0, minute: 0 }, zone)
}

/** The same time of another day, also where clocks are changed between them. */
function startShifted(at_ms: number, days: number, zone: string): number {
  const local = localTime(at_ms, zone)
  return momentOf({ ...local, day: local.day + days }, zone)
}

function weekdayOf({ year, month: of, day: on }: Day): number {
  return new Date(Date.UTC(year, of - 1, on)).getUTCDay()
}

/** The beginning of this calendar week (Monday) or month, or of one before. */
function startOf(name: string, { now_ms, zone }: Now, shift: number): number {
  const today = localTime(now_ms, zone)
  return /^(month|monat)/i.test(name)
    ? startMs({ ...today, month: today.month + shift, day: 1 }, zone)
    : startMs({ ...today, day: today.day - ((weekdayOf(today) + 6) % 7) + 7 * shift }, zone)
}

function startOfDay(named: string, { now_ms, zone }: Now): Day | null {
  const { year, month: thisMonth, day: on } = localTime(now_ms, zone)
  const today = { year, month: thisMonth, day: on }
  const word = named.toLowerCase()
  const before = (days: number): Day => ({ ...today, day: on - days })
  if (/^(today|heute)$/.test(word)) return today
  if (/^(yesterday|gestern)$/.test(word)) return before(1)
  if (/^(the )?day before yesterday$|^vorgestern$/.test(word)) return before(2)
  const [weekday] = new RegExp(`(?:${weekdays})$`).exec(word) ?? []
  const number = weekdayNames.findIndex((names) => weekday && names.split('|').includes(weekday))
  if (number >= 0) {
    const days = (weekdayOf(today) - number + 7) % 7
    return before(days === 0 && new RegExp(`\\b(${last})\\b`).test(word) ? 7 : days)
  }
  const [, isoYear, isoMonth, isoDay] = /(\d{4})-(\d\d)-(\d\d)/.exec(word) ?? []
  if (isoYear) return { year: Number(isoYear), month: Number(isoMonth), day: Number(isoDay) }
  const at = months.findIndex((names) => new RegExp(`(?:${names})`).test(word)) + 1
  const [, germanMonth] = /\d{1,2}\.\s?(\d{1,2})\./.exec(word) ?? []
  const ofMonth = at || Number(germanMonth)
  const dayOf = Number(/\d{1,2}/.exec(word.replace(/\b\d{4}\b/, ''))?.[0])
  if (!ofMonth || !dayOf || ofMonth > 12 || dayOf > 31) return null
  const said = Number(/\b\d{4}\b/.exec(word)?.[0])
  const found = { year: said || year, month: ofMonth, day: dayOf }
  return !said && startMs(found, zone) > now_ms ? { ...found, year: year - 1 } : found
}

/** The newest month of this name that has begun, or that of the year. */
function monthOf(name: string, year: string | undefined, { now_ms, zone }: Now): Span | null {
  const of = months.findIndex((names) => new RegExp(`^(?:${names})$`, 'i').test(name)) + 1
  if (!of) return null
  const today = localTime(now_ms, zone)
  const inYear = year ? Number(year) : of > today.month ? today.year - 1 : today.year
  const start = (shift: number): number => startMs({ year: inYear, month: of + shift, day: 1 }, zone)
  return { from_ms: start(0), to_ms: start(1) }
}

function timeOf(start: Day, [hour, minute, half]: (string | undefined)[], { zone }: Now): number | null {
  const late = half?.toLowerCase() === 'pm' && Number(hour) < 12 ? 12 : 0
  const early = half?.toLowerCase() === 'am' && Number(hour) === 12 ? 12 : 0
  const at = Number(hour) + late - early
  if (at > 24 || Number(minute ?? 0) > 59) return null
  return momentOf({ ...start, hour: at, minute: Number(minute ?? 0) }, zone)
}
