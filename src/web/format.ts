import type { Unit } from './api.ts'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** What stands for a value that is not known. */
export const unknown = '–'

export function formatCount(value: number): string {
  return Number.isInteger(value) ? whole.format(value) : fine.format(value)
}

/** `12.3K`: for where there is little room. */
export function formatShort(value: number): string {
  return Math.abs(value) < 10_000 ? formatCount(value) : compact.format(value)
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Bytes by powers of 1,024. */
export function formatBytes(value: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10), byteUnits.length - 1)
  const scaled = value / 1024 ** power
  const digits = power === 0 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2
  return `${scaled.toFixed(digits)} ${byteUnits[power]}`
}

export function formatMs(value: number): string {
  if (value < 1) return `${fine.format(value)} ms`
  if (value < 1000) return `${Math.round(value)} ms`
  return value < 60_000
    ? `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`
    : `${(value / 60_000).toFixed(1)} min`
}

export function formatPercent(value: number): string {
  return `${value.toFixed(value === 0 || Math.abs(value) >= 10 ? 1 : 2)} %`
}

/** A value with its unit, as a person reads it. */
export function formatValue(value: unknown, unit?: Unit): string {
  if (value === null || value === undefined) return unknown
  if (typeof value !== 'number') return String(value)
  if (unit === 'Bytes') return formatBytes(value)
  if (unit === 'Milliseconds') return formatMs(value)
  if (unit === 'Percent') return formatPercent(value)
  return formatCount(value)
}

/** `42 s`, `12 min`, `3 h`, `5 d`. */
export function formatSpan(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} d`
}

export function formatAgo(iso: string): string {
  const seconds = (Date.now() - Date.parse(iso)) / 1000
  return seconds < 5 ? 'just now' : `${formatSpan(seconds)} ago`
}

export type Zone = 'local' | 'utc'

/** A moment: `24 Nov 2026, 17:48:47`. */
export function formatTime(at: string | number, zone: Zone, seconds = true): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
    hourCycle: 'h23',
    ...(zone === 'utc' && { timeZone: 'UTC' }),
  }).format(new Date(at))
}

/** A moment within a window of this length, as short as it can be. */
export function formatTick(at: string | number, zone: Zone, window_ms: number): string {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const day = { day: 'numeric', month: 'short' } as const
  const parts = window_ms > 14 * 86_400_000 ? day : window_ms > 86_400_000 ? { ...day, ...time } : time
  return new Intl.DateTimeFormat('en-GB', { ...parts, ...(zone === 'utc' && { timeZone: 'UTC' }) }).format(
    new Date(at),
  )
}

/** The name of the zone that times are shown in. */
export function zoneName(zone: Zone): string {
  return zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone
}

const cents = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** US dollars as a person reads them; what is less than a cent and more than nothing says so. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return unknown
  const size = Math.abs(usd)
  const sign = usd < 0 && size >= 0.005 ? '−' : ''
  if (size > 0 && size < 0.005) return 'under $0.01'
  return `${sign}$${(size < 1_000 ? cents : whole).format(size)}`
}

/** `$5.57 to $5.58`, or one amount where both are the same. */
export function formatUsdRange(low: number, high: number): string {
  const [from, to] = [formatUsd(low), formatUsd(high)]
  return from === to ? from : `${from} to ${to}`
}
