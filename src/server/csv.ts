import { Readable } from 'node:stream'
import { format } from 'fast-csv'
import type { TSchema } from 'typebox'
import type { Endpoint } from '../api/endpoint.ts'
import { csvCell } from '../csv-text.ts'

/** Rows in a form that spreadsheets and scripts read alike. */
export interface CsvSource {
  columns: readonly string[]
  rows: Iterable<readonly unknown[]>
  /** Which columns hold whole numbers, of which the largest are texts. */
  longs?: ReadonlySet<number>
  /** What JSON would say beside the rows: goes into the headers `X-Next-Cursor` and `X-Truncated`. */
  next_cursor?: string | null | undefined
  truncated?: boolean | undefined
  /** Told once all is sent, or nobody reads on. */
  onEnd?: (() => void) | undefined
}

/** Streams rows as CSV (RFC 4180) with a line of names. No cell and no name is a formula, whatever a client wrote into it. */
export function csvResponse({ columns, rows, longs, next_cursor, truncated, onEnd }: CsvSource): Response {
  const out = format({
    headers: columns.map(csvCell),
    alwaysWriteHeaders: true,
    rowDelimiter: '\r\n',
    includeEndRowDelimiter: true,
  })
  Readable.from(cells(rows, longs)).pipe(out)
  if (onEnd) out.on('close', onEnd)
  return new Response(Readable.toWeb(out) as ReadableStream, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="spacewatch.csv"',
      ...(next_cursor && { 'x-next-cursor': next_cursor }),
      ...(truncated && { 'x-truncated': 'true' }),
    },
  })
}

/** What of an answer its endpoint gives as CSV: a table by its columns, a list by the fields of its schema, in their order. */
export function asCsv(answer: object, { csv, answer: schema }: Endpoint, onEnd?: () => void): Response {
  const { next_cursor, truncated } = answer as { next_cursor?: string | null; truncated?: boolean }
  const found = csv === true ? answer : (answer as Record<string, unknown>)[csv ?? '']
  if (!Array.isArray(found)) {
    const { columns, rows } = found as { columns: { name: string; type: string }[]; rows: unknown[][] }
    const names = columns.map(({ name }) => name)
    const longs = new Set(columns.flatMap(({ type }, at) => (type === 'LONG' ? [at] : [])))
    return csvResponse({ columns: names, rows, longs, next_cursor, truncated, onEnd })
  }
  const { properties } = schema as unknown as { properties: Record<string, { items: TSchema }> }
  const fields = (properties[String(csv)]?.items as { properties?: object } | undefined)?.properties
  // A list of texts is a column named after one of them.
  if (!fields) {
    const rows = found.map((text) => [text])
    return csvResponse({ columns: [String(csv).replace(/s$/, '')], rows, next_cursor, truncated, onEnd })
  }
  const columns = Object.keys(fields)
  const rows = found.map((item: Record<string, unknown>) => columns.map((name) => item[name]))
  return csvResponse({ columns, rows, next_cursor, truncated, onEnd })
}

function* cells(
  rows: Iterable<readonly unknown[]>,
  longs = new Set<number>() as ReadonlySet<number>,
): Generator<string[]> {
  for (const row of rows)
    yield row.map((cell, at) =>
      longs.has(at) && /^-?\d+$/.test(String(cell)) ? String(cell) : csvCell(cell),
    )
}
