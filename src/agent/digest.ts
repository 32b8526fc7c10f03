import type { Evidence } from './answers.ts'
import { shortened } from './plain-text.ts'
import type { ToolResult } from './tool.ts'

const field_chars = 256
const sql_chars = 1_500

/**
 * A result as the model reads it: whole JSON of at most `bytes`, with as many of the first rows as fit, the totals of all
 * rows, and no text that is longer than 256 characters.
 */
export function digest(result: ToolResult, evidence: Evidence | null, bytes: number): string {
  if (!result.ok || !evidence) return JSON.stringify(shortened({ ...result }, 1_000))
  const { id, columns, rows, row_count, truncated, facts, totals, coverage, sql } = evidence
  const head = {
    ok: true,
    evidence: id,
    row_count,
    truncated,
    columns: columns.map(({ name, unit }) => (unit ? `${name} (${unit})` : name)),
  }
  const tail = {
    ...(Object.keys(totals).length > 0 && { totals }),
    ...(coverage && {
      coverage: {
        window: coverage.window,
        newest_event: coverage.newest_event,
        objects_pending: coverage.objects_pending,
        lines_refused: coverage.lines_refused,
        objects_refused: coverage.objects_refused,
        notes: coverage.notes,
      },
    }),
  }
  const few = shortened(facts, field_chars)
  const shownFacts = size(few) > bytes / 2 ? { note: 'too long to show: ask for less' } : few
  const rest = { ...tail, facts: shownFacts, sql: sql && sql.length <= sql_chars ? sql : undefined }
  let left = bytes - size({ ...head, ...rest, rows_shown: row_count, rows: [] })
  const shown: unknown[] = []
  for (const row of rows) {
    const short = shortened(row, field_chars)
    left -= size(short) + 1
    if (left < 0) break
    shown.push(short)
  }
  return JSON.stringify({ ...head, rows_shown: shown.length, rows: shown, ...rest })
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '')
}
