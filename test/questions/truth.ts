import type { AccessEvent } from '../../src/demo/access-event.ts'
import type { Given } from '../../src/questions/bind.ts'
import { printed } from './demo-data.ts'
import type { DemoData } from './demo-data.ts'

export type Value = string | number | boolean | null
/** A row by column name. */
export type Row = Record<string, Value>

/** A question as it is asked: what happened in its window, with every parameter's value. */
export interface Asked extends DemoData {
  parameters: Given
  to_ms: number
}

/** What a question must answer, said as a plain loop over what the generator did. */
export interface Truth {
  /** All rows in their order, however many are asked for. */
  rows(asked: Asked): Row[]
  /** What else it is asked with, so that each of its parameters is seen to matter. */
  cases: readonly Case[]
}

export interface Case {
  parameters?: Given
  /** How long before the generated week's end the window begins and ends. */
  from_hours?: number
  to_hours?: number
}

type Records = readonly AccessEvent[]

/** The records that the parameters bucket, format, key, prefix, requester and ip leave. */
export function chosen({ records, parameters }: Asked): Records {
  const { bucket, format, prefix, requester, ip } = parameters
  const key = parameters['key'] === undefined ? undefined : printed(String(parameters['key']))
  return records.filter(
    (record) =>
      (bucket === undefined || record.bucket.name === bucket) &&
      (format === undefined || record.format === format) &&
      (key === undefined || record.key === key) &&
      (prefix === undefined || record.key?.startsWith(String(prefix)) === true) &&
      (requester === undefined || record.requester === requester) &&
      (ip === undefined || record.remote_ip === ip),
  )
}

/** Those of them that clients sent. */
export function requests(asked: Asked): Records {
  return chosen(asked).filter(({ is_request }) => is_request)
}

/** Those that were answered with a status of 400 or more. */
export function failed(asked: Asked): Records {
  return requests(asked).filter(isError)
}

export const isError = ({ status }: AccessEvent): boolean => status !== null && status >= 400

/** One row for each group of records that are equal in `by`; `values` says what else stands in it. */
export function grouped(
  records: Records,
  by: (record: AccessEvent) => Row,
  values: (group: Records) => Row,
): Row[] {
  return [...Map.groupBy(records, (record) => JSON.stringify(by(record)))].map(([name, group]) => ({
    ...(JSON.parse(name) as Row),
    ...values(group),
  }))
}

/** Rows by columns, each ascending unless a minus stands before it; null comes before all. */
export function sorted(rows: Row[], ...columns: string[]): Row[] {
  return rows.toSorted((a, b) => {
    for (const column of columns) {
      const name = column.replace(/^-/, '')
      const order = compare(a[name] ?? null, b[name] ?? null)
      if (order !== 0) return column.startsWith('-') ? -order : order
    }
    return 0
  })
}

function compare(a: Value, b: Value): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}

/** A moment as answers write it. */
export function moment(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}

export const floor = (ms: number, step_ms: number): string => moment(ms - (ms % step_ms))

export function sum(records: Records, column: 'bytes_sent' | 'bytes_received' | 'object_size'): number {
  return records.reduce((total, record) => total + (record[column] ?? 0), 0)
}

/** How many different values there are, besides null. */
export function distinct(records: Records, column: 'remote_ip' | 'key'): number {
  return new Set(records.map((record) => record[column]).filter((value) => value !== null)).size
}

export const firstSeen = (records: Records): string => moment(Math.min(...records.map(({ at_ms }) => at_ms)))
export const lastSeen = (records: Records): string => moment(Math.max(...records.map(({ at_ms }) => at_ms)))

export const percent = (part: number, all: number): number | null => (all === 0 ? null : (100 * part) / all)

export function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}

/** Nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const rank = Math.max(0, Math.ceil(share * values.length) - 1)
  return values.toSorted((a, b) => a - b)[rank] ?? Number.NaN
}

/** A row of single records: these columns as they are, and whatever is said besides. */
export function pick(record: AccessEvent, ...columns: (keyof AccessEvent | 'ts')[]): Row {
  return Object.fromEntries(
    columns.map((column) => {
      if (column === 'ts') return ['ts', moment(record.at_ms)]
      return [column, column === 'bucket' ? record.bucket.name : (record[column] as Value)]
    }),
  )
}

/** The first path segment of a key. */
export function prefixOf({ key }: AccessEvent): string | null {
  const slash = key?.indexOf('/') ?? -1
  return slash > 0 ? (key?.slice(0, slash) ?? null) : null
}

/** Reads by their operation; a GET or HEAD of an object or a HEAD of a bucket. */
export const isRead = ({ operation }: AccessEvent): boolean =>
  /^(REST|WEBSITE)\.(GET|HEAD)\.OBJECT$|^REST\.HEAD\.BUCKET$|^CDN\./.test(operation)

export const isGet = ({ operation }: AccessEvent): boolean =>
  /^(REST|WEBSITE)\.GET\.OBJECT$|^CDN\.GET$/.test(operation)

/** Uploads of objects and of parts of them, with the requests around multipart uploads. */
export const isWrite = ({ operation }: AccessEvent): boolean =>
  /^REST\.(PUT\.(OBJECT|PART)|POST\.(OBJECT|UPLOADS?))$/.test(operation)

/** An object that is there afterwards: whole uploads and the ends of multipart ones. */
export const isUpload = ({ operation }: AccessEvent): boolean =>
  ['REST.PUT.OBJECT', 'REST.POST.OBJECT', 'REST.POST.UPLOAD'].includes(operation)

export const isDelete = ({ operation }: AccessEvent): boolean =>
  ['REST.DELETE.OBJECT', 'REST.POST.MULTI_OBJECT_DELETE', 'BATCH.DELETE.OBJECT'].includes(operation)

export const succeeded = ({ status }: AccessEvent): boolean => status !== null && status < 300
