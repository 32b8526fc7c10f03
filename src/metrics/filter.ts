import { InvalidError } from '../errors.ts'
import { formatNames } from '../log-formats.ts'
import { operationClasses } from '../logs/record.ts'
import { list, text } from '../store/sql.ts'

/** Exact values, as logged, unless said otherwise; `-` is what the log had no value for. */
export interface FilterParams {
  /** One, or several with commas; as are operation, class and status. */
  bucket?: string | undefined
  operation?: string | undefined
  class?: string | undefined
  /** `404`, `4xx`, `403,5xx`. */
  status?: string | undefined
  error_code?: string | undefined
  /** A first path segment (`images`), or the beginning of the key when it holds a slash (`images/2026/`). */
  key_prefix?: string | undefined
  key?: string | undefined
  ip?: string | undefined
  requester?: string | undefined
  user_agent?: string | undefined
  referer?: string | undefined
  format?: string | undefined
  method?: string | undefined
  request_id?: string | undefined
  version_id?: string | undefined
  host?: string | undefined
  auth_type?: string | undefined
  tls_version?: string | undefined
  cache_result?: string | undefined
  edge_location?: string | undefined
  log_object?: string | undefined
  /** A whole object key, where `-` is a key too. */
  object_key?: string | undefined
}

const plainColumns = [
  'requester',
  'user_agent',
  'referer',
  'method',
  'request_id',
  'version_id',
  'host',
  'auth_type',
  'tls_version',
  'cache_result',
  'edge_location',
  'log_object',
] as const

/** The log sources that may be read; null: all of them. */
export type Scope = readonly string[] | null

/** Rows of the scope's sources. */
export function inScope(scope: Scope): string {
  if (scope === null) return 'true'
  return scope.length === 0 ? 'false' : `source IN ${list(scope)}`
}

/** What a WHERE clause is made of. */
export interface Condition {
  sql: string
  held: Held
}

/** Who holds every column that a condition names: the rows alone; the rollups too; the summaries of days, too. */
type Held = 'rows' | 'rollups' | 'summaries'

/** Turns filters and the scope into conditions; every value becomes a literal. Throws InvalidError for what is no value. */
export function parseFilters(params: FilterParams, scope: Scope): Condition[] {
  const conditions: Condition[] = []
  const add = (value: string | undefined, held: Held, sql: (value: string) => string): void => {
    if (value !== undefined) conditions.push({ sql: sql(plain(value)), held })
  }
  // An empty list would be IN (null), which holds for rows without a source.
  if (scope) add('', 'summaries', () => inScope(scope))
  add(params.format, 'summaries', (value) => `format = ${text(known('format', value, formatNames))}`)
  add(params.bucket, 'summaries', (value) => anyOf('bucket', value))
  add(params.operation, 'rollups', (value) => anyOf('operation', value))
  add(params.class, 'summaries', (value) => {
    for (const name of value.split(',')) known('class', name, operationClasses)
    return anyOf('class', value)
  })
  // Of a status the summaries know its class alone.
  const statuses = /^([1-5]xx,?)+$/i.test(params.status ?? '') ? 'summaries' : 'rollups'
  add(params.status, statuses, (value) => `(${value.split(',').map(statusCondition).join(' OR ')})`)
  add(params.error_code, 'rollups', (value) => equals('error_code', value))
  add(params.key_prefix, 'rows', (value) =>
    value.includes('/') ? `starts_with(key, ${text(value)})` : equals('key_prefix', value),
  )
  add(params.key, 'rows', (value) => equals('key', value))
  add(params.ip, 'rows', (value) => equals('remote_ip', value))
  for (const column of plainColumns) add(params[column], 'rows', (value) => equals(column, value))
  add(params.object_key, 'rows', (value) => `key = ${text(value)}`)
  return conditions
}

/** A pattern for ILIKE that finds `value` itself, whatever it holds. */
export function containsPattern(value: string): string {
  return text(`%${plain(value).replace(/[\\%_]/g, '\\$&')}%`)
}

/** The number itself, which goes into SQL as it is; throws InvalidError unless it is whole and in its range. */
export function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new InvalidError(`Cannot use ${name} ${value}`, `write a whole number from ${least} to ${most}`)
}

function equals(column: string, value: string): string {
  return value === '-' ? `${column} IS NULL` : `${column} = ${text(value)}`
}

function anyOf(column: string, value: string): string {
  const values = value.split(',')
  return values.length === 1 ? equals(column, value) : `${column} IN ${list(values)}`
}

function known(name: string, value: string, values: readonly string[]): string {
  if (values.includes(value)) return value
  throw new InvalidError(`Cannot filter by ${name} '${value}'`, `write one of ${values.join(', ')}`)
}

function statusCondition(value: string): string {
  if (/^[1-5]\d\d$/.test(value)) return `status = ${value}`
  const hundreds = Number(/^([1-5])xx$/i.exec(value)?.[1]) * 100
  if (hundreds) return `(status >= ${hundreds} AND status < ${hundreds + 100})`
  throw new InvalidError(`Cannot filter by status '${value}'`, 'write 404, 4xx, or several with commas')
}

// The wire protocol ends a text at NUL, and no log field holds one.
function plain(value: string): string {
  if (!value.includes('\0')) return value
  throw new InvalidError('Cannot filter by a value with a NUL character', 'take the %00 out')
}
