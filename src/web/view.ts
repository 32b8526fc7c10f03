import { computed, effect, signal } from '@preact/signals'
import { formatNames } from '../log-formats.ts'
import type { LogFormat } from '../log-formats.ts'
import type { Zone } from './format.ts'
import { navigate, place } from './location.ts'

/** What can be filtered by, by the names of the API, and what people call it. */
export const filterLabels = {
  bucket: 'Bucket',
  class: 'Class',
  operation: 'Operation',
  status: 'Status',
  error_code: 'Error code',
  key_prefix: 'Prefix',
  key: 'Key',
  ip: 'IP',
  requester: 'Requester',
  user_agent: 'User agent',
  referer: 'Referer',
  cache_result: 'Cache result',
}
export type FilterName = keyof typeof filterLabels
export type Filters = Partial<Record<FilterName, string>>
export const filterNames = Object.keys(filterLabels) as FilterName[]

/** What filters by a column of operations; undefined where nothing does. */
export function filterOf(column: string): FilterName | undefined {
  return filterNames.find((name) => name === (column === 'remote_ip' ? 'ip' : column))
}

/** All that decides what the dashboard shows; it is the search of the address. */
export interface View {
  /** `24h`, or ISO 8601 together with `to`. */
  from: string
  /** Empty: now. */
  to: string
  format: LogFormat
  compare: '' | 'previous' | 'week'
  order: 'requests' | 'bytes_downloaded' | 'errors' | 'objects_deleted'
  zone: Zone
  /** Seconds; 0: never. */
  refresh: number
  filters: Filters
}

export const presets = ['1h', '6h', '24h', '7d', '30d', '90d']
export const refreshes = [0, 10, 30, 60, 300]

// The zone that was chosen last; an address may name another.
const chosenZone = signal<Zone>('local')

/** Reads a view; what is no value of it is left out. */
function parseView(search: string): View {
  const params = new URLSearchParams(search)
  const one = <T extends string>(name: string, known: readonly T[], otherwise: T): T =>
    known.find((value) => value === params.get(name)) ?? otherwise
  const from = params.get('from') ?? ''
  const to = params.get('to') ?? ''
  const isSpan = isTime(from) && isTime(to) && Date.parse(from) < Date.parse(to)
  return {
    ...(isSpan ? { from, to } : { from: /^\d{1,4}[mhd]$/.test(from) ? from : '24h', to: '' }),
    format: one('source', formatNames, 's3'),
    compare: one('compare', ['previous', 'week'], '' as View['compare']),
    order: one('order', ['requests', 'bytes_downloaded', 'errors', 'objects_deleted'], 'requests'),
    zone: one('zone', ['local', 'utc'], chosenZone.value),
    refresh: refreshes.find((seconds) => String(seconds) === params.get('refresh')) ?? 0,
    filters: filtersIn(params),
  }
}

/** The filters that an address names. */
export function filtersIn(params: URLSearchParams): Filters {
  const given = filterNames.map((name) => [name, params.get(name)] as const)
  return Object.fromEntries(given.filter(([, value]) => value))
}

/** The search that `parseView` reads; what is as it always is stays out. */
function searchOf(view: View): string {
  const { from, to, format, compare, order, zone, refresh, filters } = view
  const params = new URLSearchParams()
  const put = (name: string, value: string, usual: string): void => {
    if (value !== usual) params.set(name, value)
  }
  put('from', from, '24h')
  put('to', to, '')
  put('source', format, 's3')
  put('compare', compare, '')
  put('order', order, 'requests')
  put('zone', zone, 'local')
  put('refresh', String(refresh), '0')
  for (const name of filterNames) put(name, filters[name] ?? '', '')
  const search = params.toString()
  return search ? `?${search}` : ''
}

/** The address of the dashboard with this window, log format and these filters. */
export function dashboardLink(shown: Pick<View, 'from' | 'to' | 'format' | 'filters'>): string {
  return `/${searchOf({ ...parseView(''), ...shown })}`
}

export const view = computed(() => parseView(place.value.search))

/** The dashboard with the window and the filters that it had when it was left. */
export const dashboardAddress = signal('/')
effect(() => {
  const { path, search } = place.value
  if (path !== '/') return
  dashboardAddress.value = path + search
  const zone = new URLSearchParams(search).get('zone')
  if (zone === 'utc' || zone === 'local') chosenZone.value = zone
})

/** Shows the times of every page in the other zone. */
export function toggleZone(): void {
  const zone = view.value.zone === 'utc' ? 'local' : 'utc'
  chosenZone.value = zone
  if (place.value.path === '/') changeView({ zone })
}

/** The buckets that are filtered by; none: all. */
export function bucketsOf({ filters }: Pick<View, 'filters'>): string[] {
  return (filters.bucket ?? '').split(',').filter((name) => name !== '')
}

/** The dashboard with another window and other filters. */
export function addressOfView(change: Partial<View>): string {
  return `/${searchOf({ ...view.value, ...change })}`
}

/** Changes the view, and with it the address. */
export function changeView(change: Partial<View>): void {
  navigate(place.value.path + searchOf({ ...view.value, ...change }))
}

/** Filters by one value more; another value of the same name goes. `null`, which the log writes as `-`, can be filtered by too. */
export function addFilter(name: FilterName, value: string | number | null): void {
  changeView({ filters: { ...view.value.filters, [name]: value === null ? '-' : String(value) } })
}

export function removeFilter(name: FilterName): void {
  const { [name]: _, ...filters } = view.value.filters
  changeView({ filters })
}

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The window in milliseconds since the epoch. */
export function spanOf({ from, to }: Pick<View, 'from' | 'to'>, now_ms = Date.now()) {
  if (to) return { from_ms: Date.parse(from), to_ms: Date.parse(to) }
  const length_ms = Number(from.slice(0, -1)) * (units[from.slice(-1)] ?? 0)
  return { from_ms: now_ms - length_ms, to_ms: now_ms }
}

const [minute, hour, day] = [60, 3600, 86_400]
const steps = [
  [1, 5, 10, 30],
  [1, 2, 5, 10, 15, 30].map((n) => n * minute),
  [1, 2, 3, 6, 12].map((n) => n * hour),
  [1, 7, 28].map((n) => n * day),
].flat()

/** Seconds of an interval, so that a window has at most 120 of them. */
export function stepOf(view: Pick<View, 'from' | 'to'>): number {
  const { from_ms, to_ms } = spanOf(view)
  return steps.find((step) => (to_ms - from_ms) / 1000 / step <= 120) ?? 28 * 86_400
}

/** What a question about the window and the filters has to say. */
export function windowParams({ from, to, filters }: View): Pick<View, 'from' | 'to'> & Filters {
  return { from, to, ...filters }
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))
}
