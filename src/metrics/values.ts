import type { LatencyColumn, Part, Value } from './metric.ts'

/** Of a request that failed, by whose fault. */
const isError = 'status >= 400'
export const isClientError = 'status >= 400 AND status < 500'
export const isServerError = 'status >= 500'

/** Sums over the requests that `condition` holds for; the condition may name columns that the rollups hold. */
export function countOf(name: string, condition: string): Part & { rollup: string } {
  return {
    name,
    raw: `sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`,
    rollup: `sum(CASE WHEN ${condition} THEN operations ELSE 0 END)`,
  }
}

const requestsPart: Part = { name: 'requests', raw: 'count()', rollup: 'sum(operations)' }
const sentPart = sumOf('bytes_sent')
const receivedPart = sumOf('bytes_received')

function sumOf(column: string): Part {
  return { name: column, raw: `sum(${column})`, rollup: `sum(${column})` }
}

export const requests: Value = { name: 'requests', unit: 'Count', sql: (part) => part(requestsPart) }
export const bytesDownloaded: Value = {
  name: 'bytes_downloaded',
  unit: 'Bytes',
  sql: (part) => part(sentPart),
}
export const bytesUploaded: Value = {
  name: 'bytes_uploaded',
  unit: 'Bytes',
  sql: (part) => part(receivedPart),
}

/** How many requests a part counted. */
export function count(part: Part): Value {
  return { name: part.name, unit: 'Count', sql: (of) => of(part) }
}

/** The share of the requests that a part counted, in percent. */
export function share(name: string, part: Part): Value {
  return { name, unit: 'Percent', sql: (of) => `100.0 * ${of(part)} / ${of(requestsPart)}` }
}

export const errorsPart = countOf('errors', isError)
export const errorRate = share('error_rate', errorsPart)

const firstPart: Part = { name: 'first_seen', raw: 'min(ts)', rollup: 'min(first_seen)' }
const lastPart: Part = { name: 'last_seen', raw: 'max(ts)', rollup: 'max(last_seen)' }
export const firstSeen: Value = { name: 'first_seen', unit: 'Timestamp', sql: (part) => part(firstPart) }
export const lastSeen: Value = { name: 'last_seen', unit: 'Timestamp', sql: (part) => part(lastPart) }

/** A percentile in milliseconds: within 0.5 % over rows, within 7 % over rollups. */
export function percentile(column: LatencyColumn, percent: number): Value {
  return { name: `p${percent}`, unit: 'Milliseconds', percentile: { column, quantile: percent / 100 } }
}
