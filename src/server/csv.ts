import { Readable } from 'node:stream'
import { format } from 'fast-csv'
import { csvCell } from '../csv-text.ts'

/** Rows in a form that spreadsheets and scripts read alike. */
export interface CsvSource {
  columns: readonly string[]
  rows: Iterable<readonly unknown[]>
  /** What JSON would say beside the rows: goes into the headers `X-Next-Cursor` and `X-Truncated`. */
  next_cursor?: string | null
  truncated?: boolean
}

/** Streams rows as CSV (RFC 4180) with a line of names. No cell and no name is a formula, whatever a client wrote into it. */
export function csvResponse({ columns, rows, next_cursor, truncated }: CsvSource): Response {
  const out = format({
    headers: columns.map(csvCell),
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
  for (const row of rows) yield row.map(csvCell)
}
