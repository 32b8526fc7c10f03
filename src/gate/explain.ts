import { readSelect } from './read.ts'
import type { SourceText } from './read.ts'
import { SqlError } from './sql-error.ts'
import { sqlParser } from './sql-parser.ts'

const hints: readonly [RegExp, string][] = [
  [
    /Invalid date/i,
    "write a time as '2026-10-05T14:00:00Z', now() or dateadd('h', -1, now()); today() goes with IN",
  ],
  [
    /inconvertible value/i,
    'compare texts with texts and numbers with numbers; value::int is null for what is no number',
  ],
  [
    /constant expected/i,
    'IN (SELECT ...) takes columns with few values, such as bucket and remote_ip; join for others, such as key',
  ],
  [/not enough fill values/i, 'write one FILL value for each aggregate: FILL(0, 0)'],
  [/query is not expected/i, 'join with the subquery instead'],
  [
    /left operand must be a TIMESTAMP/i,
    'only ts can be compared with a subquery: use IN, or CROSS JOIN the subquery',
  ],
  [
    /designated timestamp|no timestamp|TIMESTAMP column/i,
    'keep ts in the subquery, and ORDER BY ts in it when it is grouped',
  ],
]

/** What QuestDB said against a statement, which was made of `sql`. */
export interface Refusal {
  message: string
  /** From 1, in `executed`; null where it is not known. */
  at: number | null
  executed: string
  sql: string
}

/** Says what QuestDB refused in the caller's terms. */
export function explainRefusal({ message, at, executed, sql }: Refusal): SqlError {
  const said = message
    .replace(/^Cannot run the query: /, '')
    // A value of a row, and a path of the server.
    .replace(/`[^`]*`/g, 'a value')
    .replace(/\s*\[str=[^]*$/, '')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
  const hint = hints.find(([pattern]) => pattern.test(said))?.[1]
  return new SqlError(`QuestDB refuses the SQL: ${said}`, hint, placeOf(at, executed, readSelect(sql).text))
}

function placeOf(position: number | null, executed: string, text: SourceText) {
  const at = (position ?? 0) - 1
  // What fails with a row has the place of the first word.
  const token =
    at > 0 &&
    sqlParser()
      .tokenize(executed)
      .tokens.find(({ startOffset, endOffset }) => startOffset <= at && at <= (endOffset ?? -1))
  return token ? text.findOnly(token.image.replace(/^(["'])(.*)\1$/s, '$2')) : null
}
