const formula = '[=+\\-@\uff1d\uff0b\uff0d\uff20]'
// Spreadsheets look behind blanks and quotes; and a semicolon ends a cell where the comma is the decimal point.
const begins = new RegExp(`^(?:[\\t\\r\\n]|[\\s\\u0000-\\u001f\\u200b\\ufeff;,|'"]*${formula})`)
const inside = new RegExp(`;(?=${formula}|\\s+[=@\uff1d\uff20])`, 'g')

/**
 * What stands for `value` in a cell of CSV, names of columns included. No spreadsheet takes it for a formula: an
 * apostrophe stands before what it would run. Numbers keep their sign.
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value !== 'string') return String(value)
  const text = value.replace(inside, ";'")
  return begins.test(text) ? `'${text}` : text
}

/** A small table as CSV (RFC 4180). */
export function csvText(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
}

function quoted(value: unknown): string {
  const text = csvCell(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
