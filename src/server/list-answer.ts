import type { Table } from '../metrics/run-metrics.ts'
import { csvResponse, rowsOf } from './csv.ts'

/** Answers a table with what stands beside it, or as CSV. */
export function tableAnswer<Answer extends Pick<Table, 'columns' | 'rows'>>(
  answer: Answer & { next_cursor?: string | null },
  csv: boolean,
): Answer | Response {
  const { columns, rows, next_cursor = null } = answer
  return csv ? csvResponse({ columns: columns.map(({ name }) => name), rows, next_cursor }) : answer
}

/** Answers objects, whose columns in CSV are these, with what stands beside them. */
export function listAnswer<Item extends object, Rest extends object>(
  name: string,
  columns: readonly (keyof Item & string)[],
  items: readonly Item[],
  rest: Rest & { next_cursor?: string | null; truncated?: boolean },
  csv: boolean,
): Response | (Rest & Record<string, unknown>) {
  if (!csv) return { [name]: items, ...rest }
  const { next_cursor = null, truncated = false } = rest
  return csvResponse({ columns, rows: rowsOf(columns, items), next_cursor, truncated })
}
