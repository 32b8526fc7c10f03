import type { Expression, JoinClause, SelectStatement } from '@questdb/sql-parser'
import { sameName } from './relation.ts'
import type { NamedRelation, Relation } from './relation.ts'
import { SqlError } from './sql-error.ts'
import { identifier, only } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

type TableRef = JoinClause['table']

/** How a FROM finds what it names. */
export interface Sources {
  context: Surroundings
  find(name: string): Relation
  nested(select: SelectStatement): Relation
  /** True when there is a WHERE. */
  filtered: boolean
}

const maxTables = 4
const oneRow = 'long_sequence(1)'
const overTime = new Set(['asof', 'lt', 'splice'])

/** Writes a FROM; every table in it becomes a subquery under a name. Throws SqlError for joins that have no bound. */
export function renderFrom(
  from: readonly TableRef[],
  sources: Sources,
): { sql: string; relations: NamedRelation[] } {
  const [first, ...others] = from
  // QuestDB wants a FROM in places, and this is the one row that a SELECT without it has.
  if (!first) return { sql: oneRow, relations: [] }
  const joins = first.joins ?? []
  if (others.some(({ joins }) => joins) || (joins.length > 0 && others.length > 0))
    throw new SqlError('Cannot mix commas and JOIN in FROM', 'write JOIN ... ON between all tables')
  if (1 + joins.length + others.length > maxTables)
    throw new SqlError(`Cannot join more than ${maxTables} tables`, 'group each table first, with WITH')
  const relations: NamedRelation[] = []
  const add = (ref: TableRef): string => {
    const table = renderTable(ref, sources)
    if (relations.some(({ alias }) => alias.toLowerCase() === table.alias.toLowerCase()))
      throw new SqlError(
        `Cannot use the name '${table.alias}' for two tables`,
        'write a name of its own behind each',
      )
    relations.push(table)
    sources.context.relations = relations
    const { sql, stored } = table.relation
    // Otherwise QuestDB drops the group key of a subquery when only the WHERE names its columns, and counts one group.
    return `${sources.filtered && !stored ? `(SELECT * FROM ${sql})` : sql} ${identifier(table.alias)}`
  }
  const parts = [add(first)]
  for (const ref of others) {
    parts.push(`CROSS JOIN ${add(ref)}`)
    checkCross(relations)
  }
  for (const join of joins) parts.push(renderJoin(join, add, relations, sources))
  return { sql: parts.join(' '), relations }
}

function renderTable(ref: TableRef, { find, nested, context }: Sources): NamedRelation {
  only(ref, 'table', 'alias', 'joins', 'timestampDesignation')
  const { table, alias, timestampDesignation } = ref
  if (table.type === 'select') {
    const relation = stamped(nested(table as SelectStatement), timestampDesignation)
    return { alias: alias ?? `_t${context.relations.length + 1}`, relation }
  }
  if (table.type === 'tableFunctionCall' && 'name' in table)
    throw new SqlError(
      `Cannot read from the function '${table.name.slice(0, 40)}'`,
      'GET /sql/schema lists the tables',
      context.text.find(table.name, 'function'),
    )
  if (table.type !== 'qualifiedName' || !('parts' in table))
    throw new SqlError('Cannot read from this', 'GET /sql/schema lists the tables')
  const name = table.parts.join('.')
  return { alias: alias ?? name, relation: stamped(find(name), timestampDesignation) }
}

function stamped(relation: Relation, column: string | undefined): Relation {
  return column === undefined
    ? relation
    : { ...relation, sql: `(${relation.sql} TIMESTAMP(${identifier(column)}))` }
}

function renderJoin(
  join: JoinClause,
  add: (ref: TableRef) => string,
  relations: NamedRelation[],
  { context }: Sources,
): string {
  only(join, 'joinType', 'outer', 'table', 'on', 'tolerance')
  const { joinType = 'inner', outer, on, tolerance } = join
  if (joinType === 'window')
    throw new SqlError(
      'Cannot use WINDOW JOIN',
      'write ASOF JOIN, or a window function',
      context.text.find('window'),
    )
  if (tolerance !== undefined && !/^\d{1,6}[smhd]$/.test(tolerance))
    throw new SqlError('Cannot read the TOLERANCE', 'write TOLERANCE 1h')
  const sql = add(join.table)
  const condition = on && context.render(on, context).sql
  if (joinType === 'cross') {
    if (on) throw new SqlError('Cannot use ON with CROSS JOIN', 'write JOIN ... ON')
    checkCross(relations)
  } else if (!overTime.has(joinType) && !(on && joinsByEquality(on, relations)))
    throw new SqlError(
      'Cannot join without an equality between both sides',
      'write JOIN ... ON a.bucket = b.bucket',
    )
  return [
    joinType.toUpperCase(),
    outer && 'OUTER',
    `JOIN ${sql}`,
    condition && `ON ${condition}`,
    tolerance && `TOLERANCE ${tolerance}`,
  ]
    .filter(Boolean)
    .join(' ')
}

// All tables but one may have few rows.
function checkCross(relations: readonly NamedRelation[]): void {
  if (relations.filter(({ relation }) => !relation.few).length > 1)
    throw new SqlError(
      'Cannot pair every row with every row',
      'write JOIN ... ON a.bucket = b.bucket; CROSS JOIN is for a subquery of one row, such as (SELECT count() AS total FROM operations)',
    )
}

// `a.x = b.x`, alone or among AND, of which one is a column of the table that is joined; or a column that both sides have.
function joinsByEquality(on: Expression, relations: readonly NamedRelation[]): boolean {
  if (on.type === 'paren') return joinsByEquality(on.expression, relations)
  if (on.type === 'column') return true
  if (on.type !== 'binary') return false
  if (on.operator === 'AND')
    return joinsByEquality(on.left, relations) || joinsByEquality(on.right, relations)
  if (on.operator !== '=') return false
  const [left, right] = [on.left, on.right].map((side) => ownerOf(side, relations))
  if (!left || !right || left === right) return false
  const joined = relations.at(-1)
  return left === joined || right === joined
}

// The one table that a column is of; undefined where it is no column, or of more tables than one.
function ownerOf(expression: Expression, relations: readonly NamedRelation[]): NamedRelation | undefined {
  if (expression.type === 'paren') return ownerOf(expression.expression, relations)
  if (expression.type !== 'column') return undefined
  const { parts } = expression.name
  const [name = '', qualifier] = parts.toReversed()
  const owners = relations.filter(({ alias, relation }) =>
    qualifier === undefined
      ? relation.open || relation.columns.some((column) => sameName(column.name, name))
      : sameName(alias, qualifier),
  )
  return owners.length === 1 ? owners[0] : undefined
}
