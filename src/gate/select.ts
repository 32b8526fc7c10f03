import type { LatestOnClause, SampleByClause, SelectItem, SelectStatement } from '@questdb/sql-parser'
import { text as textLiteral } from '../store/sql.ts'
import { render } from './expression.ts'
import { isFewRows, readLimit, writeLimit } from './limit.ts'
import type { SourceText } from './read.ts'
import { sameName } from './relation.ts'
import type { KnownColumn, NamedRelation, Relation } from './relation.ts'
import { SqlError } from './sql-error.ts'
import { identifier, largest, only, renderOrder } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'
import { renderFrom } from './tables.ts'
import { checkColumns, createScales } from './weight.ts'

/** What a whole statement is written with. */
export interface Writing {
  text: SourceText
  /** The relation that a table's name stands for; throws SqlError for an unknown one. */
  view(name: string): Relation
  /** Questions for the number of groups that histograms are kept for. */
  probes: Probe[]
  /** How often texts are read from end to end. */
  work: { texts: number }
  as_counts: boolean
}

/** SQL that counts groups, and how many histograms each of them has. */
export interface Probe {
  sql: string
  histograms: number
}

/** The CTEs that can be named, the innermost first. */
type Named = readonly { name: string; relation: Relation }[]

/** QuestDB looks at the time limit only between runs of rows, and each of these costs as much as the text is long. */
const maxTexts = 30
/** Each is a query of its own before the statement's. */
const maxProbes = 6

/** Writes a SELECT anew from its tree over the caller's rows alone; throws SqlError for whatever is not known to be safe. */
export function renderStatement(select: SelectStatement, writing: Writing, atMost: number): Relation {
  return renderSelect(select, writing, [], atMost)
}

// What each SELECT may hold, alone or put together with others.
const clauses = [
  'implicit',
  'distinct',
  'columns',
  'from',
  'where',
  'sampleBy',
  'latestOn',
  'groupBy',
  'orderBy',
  'limit',
] as const

/** `atMost`: rows that the outermost SELECT may give; it gets a LIMIT by that. */
function renderSelect(select: SelectStatement, writing: Writing, outer: Named, atMost?: number): Relation {
  only(select, 'with', ...clauses, 'setOperations')
  const named = [...outer]
  for (const cte of select.with ?? []) {
    only(cte, 'name', 'query')
    identifier(cte.name)
    named.unshift({ name: cte.name, relation: renderSelect(cte.query, writing, named) })
  }
  const others = select.setOperations ?? []
  const parts = [select, ...others.map((operation) => operation.select)]
  const scales = createScales()
  const rendered = parts.map((part, index) => {
    if (index > 0) only(part, ...clauses)
    return scales.add(renderOne(part, writing, named, index === parts.length - 1 ? atMost : undefined))
  })
  const [first] = rendered
  if (!first) throw new SqlError('Cannot read the SQL: there is none', 'write a SELECT')
  const words = others.map((operation) => {
    only(operation, 'operator', 'all', 'select')
    if (!['UNION', 'EXCEPT', 'INTERSECT'].includes(operation.operator))
      throw new SqlError('Cannot put these together')
    return operation.all ? `${operation.operator} ALL` : operation.operator
  })
  const together = rendered
    .map(({ sql }, index) => (index === 0 ? sql : `${words[index - 1]} ${sql}`))
    .join(' ')
  return {
    sql: `(${together})`,
    columns: first.columns.map((column, index) => ({
      ...column,
      size: Math.max(column.size, ...rendered.map(({ columns }) => columns[index]?.size ?? largest(columns))),
    })),
    open: first.open,
    few: rendered.every(({ few }) => few),
    stored: false,
    ...scales.weight(),
  }
}

// One SELECT without those that it is put together with; its SQL is not in parentheses.
function renderOne(select: SelectStatement, writing: Writing, named: Named, atMost?: number): Relation {
  const scales = createScales()
  const nested = (inner: SelectStatement): Relation => scales.add(renderSelect(inner, writing, named))
  const { text } = writing
  const context: Surroundings = {
    text,
    relations: [],
    aliases: new Map(),
    as_counts: writing.as_counts,
    counted: { histograms: 0, aggregates: 0, texts: 0 },
    render,
    renderSelect: nested,
  }
  const from = renderFrom(select.from ?? [], {
    context,
    find: (name) => {
      const cte = named.find((one) => sameName(one.name, name))
      return scales.add(cte ? cte.relation : writing.view(name))
    },
    nested,
    filtered: select.where !== undefined,
  })
  context.relations = from.relations
  const items = renderItems(select.columns, context, from.relations)
  const groups = (select.groupBy ?? []).map((expression) => render(expression, context).sql)
  const order = select.orderBy ? renderOrder(select.orderBy, context) : ''
  const latest = select.latestOn && latestOn(select.latestOn, context)
  const where = select.where && render(select.where, context).sql
  const sample = select.sampleBy && sampleBy(select.sampleBy, select.columns.length - items.plain, context)
  const limit = readLimit(select.limit, text)
  writing.work.texts += context.counted.texts
  if (writing.work.texts > maxTexts)
    throw new SqlError(
      `Cannot run the SQL: it looks into texts more than ${maxTexts} times`,
      'write fewer patterns and text functions',
    )

  const body = [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${items.sql}`,
    `FROM ${from.sql}`,
    where !== undefined && `WHERE ${where}`,
    sample && `SAMPLE BY ${sample}`,
    latest && `LATEST ON ${latest}`,
    groups.length > 0 && `GROUP BY ${groups.join(', ')}`,
  ]
    .filter(Boolean)
    .join(' ')
  const { scans, selects, depth } = scales.weight()
  const keyed = groups.length > 0 || sample !== undefined || items.plain > 0
  if (context.counted.histograms > 0 && !writing.as_counts)
    probe(select, writing, named, context.counted.histograms)
  return {
    sql: [body, order && `ORDER BY ${order}`, writeLimit(limit, atMost)].filter(Boolean).join(' '),
    columns: items.columns,
    open: items.open,
    few: (context.counted.aggregates > 0 && !keyed) || isFewRows(limit) || from.relations.length === 0,
    stored: false,
    scans,
    selects: selects + 1,
    depth: depth + 1,
  }
}

// The same SELECT with its histograms counted instead of kept.
function probe(select: SelectStatement, writing: Writing, named: Named, histograms: number): void {
  const { orderBy: _, limit: __, with: ___, setOperations: ____, ...grouped } = select
  const { sql } = renderOne(grouped, { ...writing, as_counts: true, probes: [], work: { texts: 0 } }, named)
  if (writing.probes.length >= maxProbes)
    throw new SqlError(
      `Cannot run the SQL: more than ${maxProbes} SELECTs ask for percentiles`,
      'ask for several percentiles in one SELECT',
      writing.text.find('approx_percentile'),
    )
  writing.probes.push({ sql: `SELECT count() FROM (SELECT * FROM (${sql}))`, histograms })
}

function renderItems(
  items: readonly SelectItem[],
  context: Surroundings,
  relations: readonly NamedRelation[],
) {
  const columns: KnownColumn[] = []
  const sql: string[] = []
  let open = false
  let plain = 0
  for (const item of items) {
    checkColumns(columns.length)
    if (item.type === 'selectItem') {
      only(item, 'expression', 'alias')
      const before = context.counted.aggregates
      const value = render(item.expression, context)
      if (context.counted.aggregates === before && value.literal === undefined) plain++
      const name = item.alias ?? value.column
      sql.push(item.alias === undefined ? value.sql : `${value.sql} AS ${identifier(item.alias)}`)
      const known = { size: value.size, ...(value.unit && { unit: value.unit }) }
      // A name that QuestDB makes up is the text of the expression.
      columns.push({ name: name ?? value.sql, ...known })
      if (name === undefined) open = true
      if (item.alias !== undefined) context.aliases.set(item.alias.toLowerCase(), value)
      continue
    }
    if (item.type === 'star') only(item)
    else only(item, 'qualifier')
    const qualifier = item.type === 'star' ? undefined : item.qualifier.parts.join('.')
    const taken = relations.filter(({ alias }) => qualifier === undefined || sameName(alias, qualifier))
    if (taken.length === 0)
      throw new SqlError(
        `Cannot find the table of ${qualifier ?? ''}.*`,
        undefined,
        qualifier === undefined ? null : context.text.find(qualifier),
      )
    plain++
    open ||= taken.length > 1 || taken.some(({ relation }) => relation.open)
    columns.push(...taken.flatMap(({ relation }) => relation.columns))
    sql.push(qualifier === undefined ? '*' : `${identifier(qualifier)}.*`)
  }
  checkColumns(columns.length)
  return { sql: sql.join(', '), columns, open, plain }
}

function latestOn({ timestamp, partitionBy }: LatestOnClause, context: Surroundings): string {
  if (!timestamp) throw new SqlError('Cannot use LATEST BY', 'write LATEST ON ts PARTITION BY bucket')
  const names = [timestamp, ...partitionBy].map((name) => render({ type: 'column', name }, context).sql)
  const [moment, ...keys] = names
  return `${moment} PARTITION BY ${keys.join(', ')}`
}

function sampleBy(clause: SampleByClause, aggregates: number, context: Surroundings): string {
  only(clause, 'duration', 'fill', 'alignTo', 'from', 'to')
  const { duration, fill = [], alignTo, from, to } = clause
  const refuse = (what: string, hint: string): SqlError =>
    new SqlError(`Cannot use SAMPLE BY: ${what}`, hint, context.text.find(duration))
  if (!/^[1-9]\d{0,3}[smhdwMy]$/.test(duration))
    throw refuse(`${duration.slice(0, 20)} is no interval`, 'write SAMPLE BY 5m, 1h or 1d')
  if (!fill.every((way) => /^(none|null|prev|linear|-?\d{1,9}(\.\d{1,9})?)$/i.test(way)))
    throw refuse('its FILL is not known', 'write FILL(0), FILL(NULL), FILL(PREV) or FILL(LINEAR)')
  const zone = alignTo?.timeZone
  const offset = alignTo?.offset
  if (![zone, offset].every((name) => name === undefined || /^[\w/+:-]{1,40}$/.test(name)))
    throw refuse('its time zone is not known', "write ALIGN TO CALENDAR TIME ZONE 'Europe/Berlin'")
  if (alignTo) only(alignTo, 'mode', 'timeZone', 'offset')
  const aligned =
    alignTo?.mode === 'firstObservation'
      ? 'FIRST OBSERVATION'
      : ['CALENDAR', zone && `TIME ZONE ${textLiteral(zone)}`, offset && `WITH OFFSET ${textLiteral(offset)}`]
          .filter(Boolean)
          .join(' ')
  // QuestDB wants a number for each aggregate.
  const [value = ''] = fill
  const filled =
    fill.length === 1 && /\d/.test(value) ? Array.from({ length: aggregates }, () => value) : fill
  return [
    duration,
    from && `FROM ${render(from, context).sql}`,
    to && `TO ${render(to, context).sql}`,
    fill.length > 0 && `FILL(${filled.join(', ')})`,
    alignTo && `ALIGN TO ${aligned}`,
  ]
    .filter(Boolean)
    .join(' ')
}
