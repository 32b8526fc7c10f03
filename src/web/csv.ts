import { csvText } from '../csv-text.ts'
import type { Table } from './api.ts'

/** A table as CSV. */
export function csvOf({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  return csvText(
    columns.map(({ name }) => name),
    rows,
  )
}

/** Saves CSV or a data URL as a file of the person's. */
export function download(name: string, content: string): void {
  const isUrl = content.startsWith('data:')
  const href = isUrl ? content : URL.createObjectURL(new Blob([content], { type: 'text/csv' }))
  const link = Object.assign(document.createElement('a'), { href, download: name })
  document.body.append(link)
  link.click()
  link.remove()
  if (!isUrl) setTimeout(() => URL.revokeObjectURL(href), 10_000)
}
