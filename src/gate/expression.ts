import type { Expression, Literal } from '@questdb/sql-parser'
import { text as textLiteral } from '../store/sql.ts'
import { renderCall } from './call.ts'
import { checkIntervals, checkPieces } from './interval.ts'
import { badLike, badRegex, runnableRegex } from './pattern.ts'
import { sameName } from './relation.ts'
import type { Value } from './relation.ts'
import { didYouMean, SqlError } from './sql-error.ts'
import { checkPattern, identifier, largest, only, sizeAsText } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

const maxSize = 4
const comparisons = new Set(['=', '!=', '<', '<=', '>', '>='])
const arithmetic = new Set(['+', '-', '*', '/', '%'])
const operators = new Set([
  ...comparisons,
  ...arithmetic,
  'AND',
  'OR',
  '||',
  '&',
  '|',
  '^',
  '<<',
  '<<=',
  '>>',
  '>>=',
])
const patterns = new Set(['LIKE', 'ILIKE', 'NOT LIKE', 'NOT ILIKE'])
const types = new Set(
  'INT INTEGER LONG SHORT BYTE DOUBLE FLOAT STRING VARCHAR CHAR BOOLEAN TIMESTAMP DATE IPV4 UUID'.split(' '),
)

/** Writes an expression anew from its tree; throws SqlError for whatever is not known to be safe. */
export function render(expression: Expression, context: Surroundings): Value {
  const value = renderKind(expression, context)
  if (value.size > maxSize)
    throw new SqlError('Cannot run the SQL: its texts are too long together', 'write or build shorter texts')
  return value
}

function renderKind(expression: Expression, context: Surroundings): Value {
  const inner = (part: Expression): Value => render(part, context)
  switch (expression.type) {
    case 'literal':
      only(expression, 'value', 'literalType', 'raw')
      return literal(expression, context)
    case 'column':
      only(expression, 'name')
      return column(expression.name.parts, context)
    case 'paren': {
      only(expression, 'expression')
      const value = inner(expression.expression)
      return { ...value, sql: `(${value.sql})` }
    }
    case 'binary': {
      only(expression, 'operator', 'left', 'right')
      return binary(expression.operator, expression.left, expression.right, context)
    }
    case 'unary': {
      only(expression, 'operator', 'operand')
      const { sql, size, unit } = inner(expression.operand)
      if (expression.operator === 'NOT') return { sql: `NOT ${sql}`, size: 0 }
      if (expression.operator === '-' && !sql.startsWith('-'))
        return { sql: `-${sql}`, size, ...(unit && { unit }) }
      throw refuseOperator(expression.operator)
    }
    case 'isNull':
      only(expression, 'expression', 'not')
      return { sql: `${inner(expression.expression).sql} IS ${expression.not ? 'NOT ' : ''}NULL`, size: 0 }
    case 'between': {
      only(expression, 'expression', 'low', 'high', 'not')
      const [value, low, high] = [expression.expression, expression.low, expression.high].map(
        (part) => inner(part).sql,
      )
      return { sql: `${value} ${expression.not ? 'NOT ' : ''}BETWEEN ${low} AND ${high}`, size: 0 }
    }
    case 'in': {
      only(expression, 'expression', 'values', 'not', 'parenthesized')
      for (const value of expression.values) {
        if (value.type === 'literal') checkIntervals(String(value.value))
        else if (value.type !== 'subquery') checkPieces(value)
      }
      const values = expression.values.map((value) => operand(value, context))
      const list = values.join(', ')
      const closed = expression.parenthesized === true
      const sql = `${inner(expression.expression).sql} ${expression.not ? 'NOT ' : ''}IN ${closed ? `(${list})` : list}`
      return { sql, size: 0 }
    }
    case 'case': {
      only(expression, 'operand', 'whenClauses', 'elseClause')
      const subject = expression.operand && inner(expression.operand)
      const branches = expression.whenClauses.map(({ when, then }) => {
        const result = inner(then)
        return { result, sql: `WHEN ${inner(when).sql} THEN ${result.sql}` }
      })
      const rest = expression.elseClause && inner(expression.elseClause)
      const results = [...branches.map(({ result }) => result), ...(rest ? [rest] : [])]
      const unit = results.find((value) => value.unit)?.unit
      const sql = [
        subject ? `CASE ${subject.sql}` : 'CASE',
        ...branches.map((branch) => branch.sql),
        ...(rest ? [`ELSE ${rest.sql}`] : []),
        'END',
      ].join(' ')
      return { sql, size: largest(results), ...(unit && { unit }) }
    }
    case 'cast':
    case 'typeCast': {
      only(expression, 'expression', 'dataType')
      const { sql, size, unit } = inner(expression.expression)
      const type = castType(expression.dataType)
      return {
        sql: expression.type === 'cast' ? `cast(${sql} AS ${type})` : `${sql}::${type}`,
        size,
        ...(unit && { unit }),
      }
    }
    case 'function':
      only(
        expression,
        'name',
        'args',
        'distinct',
        'star',
        'fromSeparator',
        'ignoreNulls',
        'respectNulls',
        'over',
      )
      return renderCall(expression, context)
    case 'subquery':
      throw new SqlError(
        'Cannot use a subquery as a value',
        'join with it: SELECT ... FROM operations CROSS JOIN (SELECT count() AS total FROM operations) t',
      )
    case 'variable':
      throw new SqlError(
        `Cannot use the variable @${expression.name}`,
        'write its value',
        context.text.find(`@${expression.name}`),
      )
    default:
      throw new SqlError(`Cannot use this kind of expression: ${expression.type}`)
  }
}

function literal({ literalType, value, raw }: Literal, { text }: Surroundings): Value {
  if (literalType === 'null') return { sql: 'null', size: 0 }
  if (literalType === 'boolean') return { sql: value === true ? 'true' : 'false', size: 0 }
  if (literalType === 'string' && typeof value === 'string')
    return { sql: textLiteral(value), size: value.length / 1000, literal: value }
  if (
    literalType === 'number' &&
    raw !== undefined &&
    /^(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d{1,3})?[lL]?$/.test(raw)
  ) {
    const number = Number(raw.replace(/[_lL]/g, ''))
    if (Number.isFinite(number)) return { sql: raw.replaceAll('_', ''), size: 0, literal: number }
  }
  if (literalType === 'duration') {
    const [, count = '1', unit = 'd'] = /^([\d_]+)(\w+)$/.exec(String(value)) ?? []
    throw new SqlError(
      `Cannot use the duration ${String(value)} as a value`,
      `write dateadd('${unit}', -${count}, now())`,
      text.find(String(value)),
    )
  }
  throw new SqlError(
    `Cannot use the value ${String(raw ?? value).slice(0, 40)}`,
    'write a number or a text',
    text.find(String(raw ?? value)),
  )
}

function column(parts: readonly string[], context: Surroundings): Value {
  const { text, relations, aliases } = context
  const name = parts.at(-1) ?? ''
  const sql = parts.map(identifier).join('.')
  if (parts.length > 2)
    throw new SqlError(`Cannot find the column ${sql}`, 'write table.column', text.find(name))
  const [qualifier] = parts.length === 2 ? parts : []
  const searched = relations.filter(({ alias }) => qualifier === undefined || sameName(alias, qualifier))
  if (qualifier !== undefined && searched.length === 0) {
    const named = relations.map(({ alias }) => alias)
    throw new SqlError(
      `Cannot find the table '${qualifier}' in this FROM`,
      didYouMean(qualifier, named) ?? `columns can be qualified with ${named.join(', ') || 'no name'}`,
      text.find(qualifier),
    )
  }
  const known = searched
    .flatMap(({ relation }) => relation.columns)
    .find((column) => sameName(column.name, name))
  const size = Math.max(1, ...searched.map(({ relation }) => largest(relation.columns)))
  const alias = qualifier === undefined ? aliases.get(name.toLowerCase()) : undefined
  if (known) {
    const longest = Math.max(known.size, alias?.size ?? 0)
    return { sql, size: longest, column: known.name, ...(known.unit && { unit: known.unit }) }
  }
  if (alias) return { ...alias, sql }
  if (searched.some(({ relation }) => relation.open)) return { sql, size, column: name }
  const names = [
    ...searched.flatMap(({ relation }) => relation.columns.map((column) => column.name)),
    ...aliases.keys(),
  ]
  throw new SqlError(
    `Cannot find the column '${name}'`,
    didYouMean(name, names) ??
      (text.isQuoted(name)
        ? "a text stands in single quotes: 'text'"
        : `the columns are ${names.join(', ') || 'none'}`),
    text.find(name),
  )
}

function binary(operator: string, left: Expression, right: Expression, context: Surroundings): Value {
  if (comparisons.has(operator)) {
    return { sql: `${operand(left, context)} ${operator} ${operand(right, context)}`, size: 0 }
  }
  const [a, b] = [render(left, context), render(right, context)]
  const sql = `${a.sql} ${operator} ${b.sql}`
  if (patterns.has(operator)) {
    checkPattern(operator, b, badLike, context)
    return { sql, size: 0 }
  }
  if (operator === '~' || operator === '!~') {
    const pattern = runnableRegex(checkPattern(operator, b, badRegex, context))
    return { sql: `${a.sql} ${operator} ${textLiteral(pattern)}`, size: 0 }
  }
  if (!operators.has(operator)) throw refuseOperator(operator)
  if (operator === '||') context.counted.texts++
  const unit = operator === '+' || operator === '-' ? (a.unit ?? b.unit) : undefined
  return {
    sql,
    size: operator === '||' ? sizeAsText(a) + sizeAsText(b) : 0,
    ...(unit && { unit }),
  }
}

// A comparison or a list may ask a subquery.
function operand(expression: Expression, context: Surroundings): string {
  if (expression.type !== 'subquery') return render(expression, context).sql
  only(expression, 'query')
  return context.renderSelect(expression.query).sql
}

function castType(dataType: string): string {
  if (types.has(dataType)) return dataType.toLowerCase()
  throw new SqlError(`Cannot cast to ${dataType.slice(0, 40)}`, `the types are ${[...types].join(', ')}`)
}

function refuseOperator(operator: string): SqlError {
  return new SqlError(`Cannot use the operator ${operator}`)
}
