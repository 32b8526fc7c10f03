import type { SelectStatement, Statement } from '@questdb/sql-parser'
import { SqlError } from './sql-error.ts'
import type { Position } from './sql-error.ts'
import { sqlParser } from './sql-parser.ts'

/** SQL as its caller wrote it, to find places in. */
export interface SourceText {
  /** Where a word stands that is alone of its kind, else where it stands first; null where it does not stand. */
  find(word: string, kind?: 'function' | 'table'): Position | null
  /** Where a word stands, when it stands once only. */
  findOnly(word: string): Position | null
  mentions(word: string): boolean
  /** True when the word stands in double quotes. */
  isQuoted(word: string): boolean
}

// Beyond these no question of a person or a model goes, and a parser that recurses must have an end.
const maxLength = 10_000
const maxTokens = 2_000
const maxDepth = 48
const maxSubqueryDepth = 8

type Token = ReturnType<ReturnType<typeof sqlParser>['tokenize']>['tokens'][number]

/** Parses one SELECT (WITH is allowed, and so are UNION and the like); throws SqlError with the place for anything else. */
export function readSelect(sql: string): { select: SelectStatement; text: SourceText } {
  if (sql.length > maxLength)
    throw new SqlError(`Cannot read the SQL: it is longer than ${maxLength} characters`)
  const wrong = /[\0\p{Cs}]/u.exec(sql)
  if (wrong)
    throw new SqlError(
      'Cannot read the SQL: it holds a character that is no text',
      undefined,
      at(sql, wrong.index),
    )
  const { tokens, errors } = sqlParser().tokenize(sql)
  const [lexError] = errors
  if (lexError) {
    const found = sql.slice(lexError.offset, lexError.offset + 1)
    throw new SqlError(
      `Cannot read the SQL: unexpected ${show(found)}`,
      hintAt(found),
      at(sql, lexError.offset),
    )
  }
  checkSize(tokens)
  checkWords(tokens)
  const statements = parseTokens(sql, tokens)
  const [statement] = statements
  if (!statement) throw new SqlError('Cannot read the SQL: there is none', 'write a SELECT')
  if (statements.length > 1) throw moreThanOne(tokens)
  if (statement.type !== 'select')
    throw new SqlError(
      `Cannot run this statement: only SELECT is allowed`,
      'GET /sql/schema lists what can be read',
      place(tokens[0]),
    )
  return { select: statement as SelectStatement, text: sourceText(tokens) }
}

function parseTokens(sql: string, tokens: readonly Token[]): Statement[] {
  const { parser, visitor } = sqlParser()
  parser.input = [...tokens]
  const cst = parser.statements()
  const [error] = parser.errors
  if (error) {
    const foreign = foreignWord(tokens)
    if (foreign) throw unexpected(foreign.token, foreign.hint)
    if (Number.isFinite(error.token.startOffset)) throw unexpected(error.token)
    throw new SqlError(
      'Cannot read the SQL: it ends too early',
      undefined,
      at(sql, (tokens.at(-1)?.endOffset ?? -1) + 1),
    )
  }
  try {
    return visitor.visit(cst) as Statement[]
  } catch {
    throw new SqlError('Cannot read the SQL', 'write it more plainly')
  }
}

// A clause that the parser does not know begins a statement of its own to it.
function moreThanOne(tokens: readonly Token[]): SqlError {
  const foreign = tokens.some(({ image }) => image === ';') ? undefined : foreignWord(tokens)
  return foreign
    ? unexpected(foreign.token, foreign.hint)
    : new SqlError('Cannot run more than one statement', 'send one SELECT at a time')
}

function unexpected(token: Token, hint?: string): SqlError {
  return new SqlError(`Cannot read the SQL: unexpected ${show(token.image)}`, hint, place(token))
}

function foreignWord(tokens: readonly Token[]): { token: Token; hint: string } | undefined {
  for (const token of tokens) {
    const hint = hintAt(token.image)
    if (hint) return { token, hint }
  }
  return undefined
}

function checkSize(tokens: readonly Token[]): void {
  if (tokens.length > maxTokens)
    throw new SqlError(
      `Cannot read the SQL: it has more than ${maxTokens} words`,
      'write shorter lists',
      place(tokens[maxTokens]),
    )
  let depth = 0
  let cases = 0
  const subqueries: number[] = []
  for (const [index, token] of tokens.entries()) {
    const word = token.image.toLowerCase()
    if (word === '(' || word === '[') depth++
    else if (word === ')' || word === ']') depth--
    else if (word === 'case') cases++
    else if (word === 'end') cases--
    else if ((word === 'select' || word === 'with') && tokens[index - 1]?.image === '(')
      subqueries.push(depth)
    while (subqueries.length > 0 && (subqueries.at(-1) ?? 0) > depth) subqueries.pop()
    if (depth + cases > maxDepth || subqueries.length > maxSubqueryDepth)
      throw new SqlError(
        'Cannot read the SQL: it is nested too deeply',
        'write it with WITH, step by step',
        place(token),
      )
  }
}

// What the parser would take for something else, and thereby lose.
function checkWords(tokens: readonly Token[]): void {
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]?.image
    if (/^over$/i.test(token.image) && tokens[index - 1]?.image === ')' && next !== '(')
      throw new SqlError(
        'Cannot use a named window',
        'write the window behind OVER: OVER (PARTITION BY bucket ORDER BY ts)',
        place(token),
      )
    const glued = tokens[index + 1]?.startOffset === (token.endOffset ?? 0) + 1
    if (glued && /^\.?\d/.test(token.image) && /^\w/.test(next ?? ''))
      throw new SqlError(
        `Cannot read the number ${show(token.image + next)}`,
        'write decimal numbers',
        place(token),
      )
  }
}

function sourceText(tokens: readonly Token[]): SourceText {
  const words = tokens.map(({ image }) => image.replace(/^(["'])(.*)\1$/s, '$2').toLowerCase())
  const named = new Set(words)
  const standing = (word: string): Token[] => {
    const wanted = word.toLowerCase()
    return tokens.filter((_, index) => words[index] === wanted)
  }
  return {
    find(word, kind) {
      const all = standing(word)
      const fits = (token: Token): boolean => {
        const index = tokens.indexOf(token)
        if (kind === 'function') return tokens[index + 1]?.image === '('
        return kind === 'table' && /^(from|join|,)$/i.test(tokens[index - 1]?.image ?? '')
      }
      return place(all.find(fits) ?? all[0])
    },
    findOnly(word) {
      const all = standing(word)
      return all.length === 1 ? place(all[0]) : null
    },
    mentions: (column) => named.has(column.toLowerCase()),
    isQuoted: (word) => standing(word).some(({ image }) => image.startsWith('"')),
  }
}

function place(token: Token | undefined): Position | null {
  if (!token || !Number.isFinite(token.startOffset)) return null
  return { offset: token.startOffset, line: token.startLine ?? 1, column: token.startColumn ?? 1 }
}

function at(sql: string, offset: number): Position {
  const before = sql.slice(0, offset).split(/\r\n|\r|\n/)
  return { offset, line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

function show(image: string): string {
  return image.length > 40 ? `'${image.slice(0, 40)}…'` : `'${image}'`
}

const hints: Record<string, string> = {
  having: 'there is no HAVING: write SELECT * FROM (SELECT ... GROUP BY ...) WHERE ...',
  filter: 'there is no FILTER: write sum(CASE WHEN ... THEN 1 ELSE 0 END)',
  exists: 'there is no EXISTS: write column IN (SELECT column FROM ...)',
  offset: 'write LIMIT 20, 30 for the rows 21 to 30',
  within: 'there is no WITHIN GROUP: write approx_percentile(total_ms, 0.95, 2)',
  qualify: 'write SELECT * FROM (SELECT ..., row_number() OVER (...) AS n FROM ...) WHERE n = 1',
  interval: "write dateadd('d', -7, now())",
  nulls: 'nulls come first in ascending order; leave NULLS FIRST and NULLS LAST out',
  unnest: 'there are no arrays',
  lateral: 'there is no LATERAL: join with a grouped subquery',
  using: 'write ON a.bucket = b.bucket',
  recursive: 'WITH cannot be recursive',
  '`': 'write names in double quotes, or plainly',
  $: 'write values into the SQL: there are no parameters',
  '?': 'write values into the SQL: there are no parameters',
  "'": "a text ends with ' and holds a doubled one for each that is in it",
}

function hintAt(image: string): string | undefined {
  const word = image.toLowerCase()
  return Object.hasOwn(hints, word) ? hints[word] : undefined
}
