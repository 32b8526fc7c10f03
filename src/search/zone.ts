/** A day and a time as clocks in a zone show it. `month` counts from 1, `weekday` from 0 for Sunday. */
export interface LocalTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** Whether an IANA name such as Europe/Berlin is known. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What clocks in the zone show at a moment. */
export function localTime(at_ms: number, zone: string): LocalTime {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at_ms)
  const of = (name: string): number => Number(parts.find(({ type }) => type === name)?.value)
  return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute') }
}

/** The moment at which clocks in the zone show this; days and months beyond the end go on into the next. */
export function momentOf({ year, month, day, hour, minute }: LocalTime, zone: string): number {
  const wanted_ms = Date.UTC(year, month - 1, day, hour, minute)
  const shown = (at_ms: number): number => {
    const { year: y, month: m, day: d, hour: h, minute: min } = localTime(at_ms, zone)
    return Date.UTC(y, m - 1, d, h, min)
  }
  // Twice, as the offset may change between the first guess and the moment.
  const guess_ms = wanted_ms - (shown(wanted_ms) - wanted_ms)
  return guess_ms + wanted_ms - shown(guess_ms)
}
