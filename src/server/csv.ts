import { Readable } from 'node:stream'
import { format } from 'fast-csv'

/** Rows in a form that spreadsheets and scripts read alike. */
export interface CsvSource {
  columns: readonly string[]
  rows: Iterable<readonly unknown[]>
  /** What JSON would say beside the rows: goes into the headers `X-Next-Cursor` and `X-Truncated`. */
  next_cursor?: string | null
  truncated?: boolean
}

/** Streams rows as CSV (RFC 4180) with a line of names. No cell is a formula, whatever a client of the bucket wrote into it. */
export function csvResponse({ columns, rows, next_cursor, truncated }: CsvSource): Response {
  const out = format({
    headers: [...columns],
    alwaysWriteHeaders: true,
    rowDelimiter: '\r\n',
    includeEndRowDelimiter: true,
  })
  Readable.from(cells(rows)).pipe(out)
  return new Response(Readable.toWeb(out) as ReadableStream, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="spacewatch.csv"',
      ...(next_cursor && { 'x-next-cursor': next_cursor }),
      ...(truncated && { 'x-truncated': 'true' }),
    },
  })
}

/** Objects of one shape as rows. */
export function* rowsOf<Key extends string>(
  columns: readonly Key[],
  objects: Iterable<Record<Key, unknown>>,
): Generator<unknown[]> {
  for (const object of objects) yield columns.map((name) => object[name])
}

function* cells(rows: Iterable<readonly unknown[]>): Generator<string[]> {
  for (const row of rows) yield row.map(cell)
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value !== 'string') return String(value)
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}
