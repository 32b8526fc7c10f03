import type { TableColumn } from '../metrics/run-metrics.ts'

/** Turns objects into a table of these columns; a unit is QuestDB's type of what is text otherwise. */
export function tableOf<Item extends object>(
  columns: Partial<Record<keyof Item & string, Omit<TableColumn, 'name'>>>,
  items: readonly Item[],
): { columns: TableColumn[]; rows: unknown[][] } {
  const all = Object.entries(columns) as [keyof Item & string, Omit<TableColumn, 'name'>][]
  return {
    columns: all.map(([name, column]) => ({ name, ...column })),
    rows: items.map((item) => all.map(([name]) => item[name])),
  }
}

export const words = { type: 'VARCHAR' } as const
export const count = { type: 'LONG', unit: 'Count' } as const
export const bytes = { type: 'LONG', unit: 'Bytes' } as const
export const moment = { type: 'TIMESTAMP', unit: 'Timestamp' } as const
