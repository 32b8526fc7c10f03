import { text } from '../store/sql.ts'
import type { DimensionName, Term } from './answers.ts'

/** What an operation is told apart by. */
export interface Dimension {
  name: DimensionName
  /** In front of a value, for people. */
  words: string
  /** The column of `operations` that it is read from. */
  column:
    | 'remote_ip'
    | Exclude<DimensionName, 'client' | 'network' | 'prefix' | 'edge'>
    | 'key_prefix'
    | 'edge_location'
  /** The filter of dashboard and API; null: none. */
  filter: string | null
  /** Of values that explain as much, the one that a person can act on comes first: who, then what, then how it ended. */
  weight: number
  /** False where no value says nothing, as a success has no error code. */
  hasNone: boolean
}

export const dimensions: readonly Dimension[] = [
  { name: 'bucket', words: 'bucket', column: 'bucket', filter: 'bucket', weight: 0.8, hasNone: false },
  { name: 'operation', words: 'operation', column: 'operation', filter: 'operation', weight: 0.6, hasNone: false },
  { name: 'status', words: 'status', column: 'status', filter: 'status', weight: 0.5, hasNone: false },
  { name: 'error_code', words: 'error', column: 'error_code', filter: 'error_code', weight: 0.5, hasNone: false },
  { name: 'client', words: 'client', column: 'remote_ip', filter: 'ip', weight: 1, hasNone: false },
  { name: 'network', words: 'network', column: 'remote_ip', filter: null, weight: 0.85, hasNone: false },
  { name: 'requester', words: 'requester', column: 'requester', filter: 'requester', weight: 0.95, hasNone: true },
  { name: 'user_agent', words: 'agent', column: 'user_agent', filter: 'user_agent', weight: 0.8, hasNone: true },
  { name: 'prefix', words: 'prefix', column: 'key_prefix', filter: 'key_prefix', weight: 0.75, hasNone: false },
  { name: 'referer', words: 'referer', column: 'referer', filter: 'referer', weight: 0.95, hasNone: true },
  { name: 'tls_version', words: 'TLS version', column: 'tls_version', filter: 'tls_version', weight: 0.5, hasNone: true },
  { name: 'edge', words: 'edge', column: 'edge_location', filter: 'edge_location', weight: 0.7, hasNone: false },
  { name: 'key', words: 'object', column: 'key', filter: 'key', weight: 0.9, hasNone: false },
] // prettier-ignore

/** The dimension of this name. */
export function dimensionOf(name: DimensionName): Dimension {
  const found = dimensions.find((dimension) => dimension.name === name)
  if (!found) throw new Error(`there is no dimension ${name}`)
  return found
}

/** A value of a dimension; a filter says `-` for none, and takes no value with a comma where it takes several. */
export function termOf({ name, filter }: Dimension, value: string | null): Term {
  const several = ['bucket', 'operation', 'status'].includes(name)
  const isTold = filter !== null && !(value === '-' || (several && value?.includes(',')))
  return { dimension: name, value, filter: isTold ? { name: filter, value: value ?? '-' } : null }
}

/** The rows that have a value, as a condition over `operations`. */
export function conditionOf({ dimension, value }: Pick<Term, 'dimension' | 'value'>): string {
  const { column } = dimensionOf(dimension)
  if (value === null) return `${column} IS NULL`
  if (column === 'status') return `status = ${Number(value)}`
  if (dimension === 'network') return `starts_with(${column}, ${text(beginningOf(value))})`
  return `${column} = ${text(value)}`
}

/** The /24 or /48 that an address is in; null for what is no address. */
export function networkOf(address: string): string | null {
  const [, first] = /^(\d+\.\d+\.\d+)\.\d+$/.exec(address) ?? []
  if (first !== undefined) return `${first}.0/24`
  if (!/^[0-9a-f:]+:[0-9a-f:]*$/i.test(address)) return null
  const [head = ''] = address.split('::')
  return `${head.split(':').slice(0, 3).join(':')}::/48`
}

// What all addresses of a network begin with: of fewer than three groups the next is left out in each of them.
function beginningOf(network: string): string {
  if (network.endsWith('.0/24')) return network.slice(0, -4)
  const head = network.replace(/::\/48$/, '')
  return head.split(':').length === 3 ? `${head}:` : `${head}::`
}
