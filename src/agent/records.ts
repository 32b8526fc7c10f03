import type { TArray, TObject } from 'typebox'
import type { TableColumn } from '../metrics/answers.ts'

interface Described {
  type?: string
  format?: string
  anyOf?: readonly Described[]
  'x-unit'?: TableColumn['unit']
}

/** Turns the records of a list into a table, whose columns are the fields of the list's schema. */
export function tableOf<Item extends object>(
  list: TArray<TObject>,
  records: readonly Item[],
): { columns: TableColumn[]; rows: unknown[][] } {
  const fields = list.items.properties as Record<string, Described>
  const names = Object.keys(fields)
  return {
    columns: Object.entries(fields).map(([name, field]) => ({ name, ...columnOf(field) })),
    rows: records.map((record) => names.map((name) => (record as Record<string, unknown>)[name])),
  }
}

/** A column of texts. */
export const words = { type: 'VARCHAR' } as const

function columnOf({ anyOf, ...field }: Described): Omit<TableColumn, 'name'> {
  const { type, format, 'x-unit': unit } = anyOf?.[0] ?? field
  if (format === 'date-time') return { type: 'TIMESTAMP', unit: 'Timestamp' }
  if (type === 'integer') return { type: 'LONG', ...(unit && { unit }) }
  return { type: type === 'number' ? 'DOUBLE' : type === 'boolean' ? 'BOOLEAN' : 'VARCHAR' }
}
