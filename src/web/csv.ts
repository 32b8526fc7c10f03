import type { Table } from './api.ts'

/** A table as CSV. What a spreadsheet would run as a formula is quoted with an apostrophe, as logs hold what anyone wrote. */
export function csvOf({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const line = (values: readonly unknown[]): string => values.map(cell).join(',')
  return [line(columns.map(({ name }) => name)), ...rows.map(line)].join('\r\n') + '\r\n'
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Saves a text or a data URL as a file of the person's. */
export function download(name: string, content: string, type = 'text/csv'): void {
  const isUrl = content.startsWith('data:')
  const href = isUrl ? content : URL.createObjectURL(new Blob([content], { type }))
  const link = Object.assign(document.createElement('a'), { href, download: name })
  document.body.append(link)
  link.click()
  link.remove()
  if (!isUrl) setTimeout(() => URL.revokeObjectURL(href), 10_000)
}
