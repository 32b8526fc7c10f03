import type { Table } from './api.ts'

export type Value = string | number | boolean | null
export type TableRecord = Record<string, Value>

/** The rows of a table as records by column name. */
export function recordsOf({ columns, rows }: Pick<Table, 'columns' | 'rows'>): TableRecord[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, place) => [name, (row[place] ?? null) as Value])),
  )
}

/** The records of one log format; none of an answer that has not come. */
export function ofFormat(table: Table | undefined, format: string): TableRecord[] {
  return table ? recordsOf(table).filter((record) => record['format'] === format) : []
}

/** A number, or null for what is none. */
export function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

/** Sums a column; what is no number counts zero. */
export function sumOf(records: readonly TableRecord[], name: string): number {
  return records.reduce((sum, record) => sum + (numberOf(record[name]) ?? 0), 0)
}
