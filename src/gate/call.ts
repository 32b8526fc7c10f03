import type {
  Expression,
  FunctionCall,
  WindowFrame,
  WindowFrameBound,
  WindowSpecification,
} from '@questdb/sql-parser'
import { text as textLiteral } from '../store/sql.ts'
import { functions, insteadOf } from './functions.ts'
import type { FunctionRule } from './functions.ts'
import { badRegex, runnableRegex } from './pattern.ts'
import type { Value } from './relation.ts'
import { didYouMean, SqlError } from './sql-error.ts'
import { checkPattern, largest, only, renderOrder, sizeAsText } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

const maxRowsBack = 10_000
const momentParts = new Set(
  'microsecond microseconds millisecond milliseconds second minute hour day dow isodow doy week month quarter year isoyear epoch'.split(
    ' ',
  ),
)

/** Writes a call of an allowed function; throws SqlError for any other, and for arguments that have no bound. */
export function renderCall(call: FunctionCall, context: Surroundings): Value {
  const { counted, text } = context
  const name = call.name.toLowerCase()
  const rule = functions.get(name)
  if (!rule) throw unknownFunction(call.name, context)
  const refuse = (what: string, hint?: string): SqlError =>
    new SqlError(`Cannot call ${name}: ${what}`, hint, text.find(call.name, 'function'))
  if ((call.star || call.distinct) && name !== 'count')
    throw refuse(`it takes no ${call.star ? '*' : 'DISTINCT'}`)
  if (call.over && rule.kind === 'scalar') throw refuse('it is no window function')
  if (rule.kind === 'window' && !call.over)
    throw refuse('it needs a window', `write ${name}() OVER (PARTITION BY bucket ORDER BY ts)`)
  if (call.fromSeparator) {
    if (name !== 'extract') throw refuse('FROM is for extract alone')
    return extract(call, context)
  }
  const args = call.args.map((arg) => context.render(arg, context))
  checkArguments(name, rule, args, refuse, context)
  if (rule.kind === 'aggregate' && !call.over) counted.aggregates++
  if (rule.arguments === 'percentile') counted.histograms++
  if (rule.readsText) counted.texts++
  const list = call.star ? '*' : `${call.distinct ? 'DISTINCT ' : ''}${args.map(({ sql }) => sql).join(', ')}`
  const nulls = call.ignoreNulls ? ' IGNORE NULLS' : call.respectNulls ? ' RESPECT NULLS' : ''
  const over = call.over ? ` OVER (${renderWindow(call.over, context)})` : ''
  const sql =
    rule.arguments === 'percentile' && context.as_counts ? 'count()' : `${name}(${list})${nulls}${over}`
  const unit = name.startsWith('count')
    ? ('Count' as const)
    : rule.keepsUnit
      ? args.find((arg) => arg.unit)?.unit
      : undefined
  return { sql, size: resultSize(name, rule, args), ...(unit && { unit }) }
}

function unknownFunction(name: string, { text }: Surroundings): SqlError {
  const lower = name.toLowerCase()
  const hint = Object.hasOwn(insteadOf, lower) ? insteadOf[lower] : didYouMean(lower, functions.keys())
  const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name
  return new SqlError(
    `Cannot call the function '${shown}'`,
    hint ?? 'GET /sql/schema lists the functions that can be called',
    text.find(name, 'function'),
  )
}

function checkArguments(
  name: string,
  rule: FunctionRule,
  args: readonly Value[],
  refuse: (what: string, hint?: string) => SqlError,
  context: Surroundings,
): void {
  const [, second, third] = args
  const number = (value: Value | undefined, most: number): boolean =>
    typeof value?.literal === 'number' && value.literal <= most
  if (rule.arguments === 'one' && args.length !== 1) throw refuse('it takes one argument')
  if (rule.arguments === 'rounding' && second && !number(second, 20))
    throw refuse('its places must be a number')
  if (rule.arguments === 'percentile') {
    const precision = name === 'approx_median' ? second : third
    if (args.length > (name === 'approx_median' ? 2 : 3)) throw refuse('it takes fewer arguments')
    if (name === 'approx_percentile' && !number(second, 1))
      throw refuse(
        'its percentile must be a number from 0 to 1',
        'write approx_percentile(total_ms, 0.95, 2)',
      )
    if (precision && !number(precision, 2))
      throw refuse(
        'its precision must be 0, 1 or 2',
        'write approx_percentile(total_ms, 0.95, 2), which is within 1 %',
      )
  }
  if (
    rule.arguments === 'replacing' &&
    (args.length !== 3 || !second?.literal || typeof third?.literal !== 'string')
  )
    throw refuse('what it replaces, and by what, must be texts', "write replace(key, 'a', 'b')")
  if (rule.arguments === 'regex') {
    if (args.length !== 3 || typeof third?.literal !== 'string')
      throw refuse('what it replaces by must be a text')
    if (second) second.sql = textLiteral(runnableRegex(checkPattern(name, second, badRegex, context)))
  }
  if ((name === 'lag' || name === 'lead') && second && !number(second, maxRowsBack))
    throw refuse(`it looks at most ${maxRowsBack} rows away`)
}

// Repeated text is all that can make a result longer than what is stored; what is no text becomes one.
function resultSize(name: string, rule: FunctionRule, args: readonly Value[]): number {
  if (rule.few) return 0
  if (rule.arguments === 'growing') return args.reduce((sum, value) => sum + sizeAsText(value), 0)
  const [subject, pattern, replacement] = args
  const written = typeof replacement?.literal === 'string' ? replacement.literal.length : 0
  if (rule.arguments === 'replacing') {
    const replaced = typeof pattern?.literal === 'string' ? pattern.literal.length : 1
    return sizeAsText(subject) * Math.max(1, Math.ceil(written / replaced))
  }
  if (rule.arguments === 'regex') return sizeAsText(subject) * (1 + written)
  return name === 'to_str' ? Math.max(1, largest(args)) : largest(args)
}

function extract(call: FunctionCall, context: Surroundings): Value {
  const [part, moment] = call.args
  const name =
    part?.type === 'column'
      ? part.name.parts.join('.').toLowerCase()
      : part?.type === 'literal'
        ? String(part.value)
        : ''
  if (!moment || call.args.length !== 2 || !momentParts.has(name))
    throw new SqlError(
      'Cannot call extract',
      'write extract(hour FROM ts)',
      context.text.find(call.name, 'function'),
    )
  return { sql: `extract(${name} FROM ${context.render(moment, context).sql})`, size: 0 }
}

function renderWindow(window: WindowSpecification, context: Surroundings): string {
  only(window, 'partitionBy', 'orderBy', 'frame')
  const { partitionBy = [], orderBy = [], frame } = window
  return [
    ...(partitionBy.length > 0
      ? [`PARTITION BY ${partitionBy.map((by) => context.render(by, context).sql).join(', ')}`]
      : []),
    ...(orderBy.length > 0 ? [`ORDER BY ${renderOrder(orderBy, context)}`] : []),
    ...(frame ? [renderFrame(frame)] : []),
  ].join(' ')
}

function renderFrame(frame: WindowFrame): string {
  only(frame, 'mode', 'start', 'end', 'exclude')
  const { mode, start, end, exclude } = frame
  const bounds = start && end ? ` BETWEEN ${bound(start)} AND ${bound(end)}` : start ? ` ${bound(start)}` : ''
  const without =
    exclude === 'currentRow' ? ' EXCLUDE CURRENT ROW' : exclude === 'noOthers' ? ' EXCLUDE NO OTHERS' : ''
  if (!['rows', 'range', 'cumulative'].includes(mode)) throw new SqlError('Cannot use this window frame')
  return `${mode.toUpperCase()}${bounds}${without}`
}

function bound(frameBound: WindowFrameBound): string {
  only(frameBound, 'kind', 'value', 'duration')
  const { kind, value, duration } = frameBound
  if (kind === 'unboundedPreceding') return 'UNBOUNDED PRECEDING'
  if (kind === 'unboundedFollowing') return 'UNBOUNDED FOLLOWING'
  if (kind === 'currentRow') return 'CURRENT ROW'
  const written = duration ?? wholeNumber(value)
  const match = /^'?(\d{1,5})'?(?: (second|minute|hour|day)s?)?$/i.exec(written ?? '')
  if (!match || Number(match[1]) > maxRowsBack)
    throw new SqlError('Cannot use this window frame', 'write ROWS BETWEEN 10 PRECEDING AND CURRENT ROW')
  const length = match[2] ? `${match[1]} ${match[2].toLowerCase()}` : match[1]
  return `${length} ${kind === 'preceding' ? 'PRECEDING' : 'FOLLOWING'}`
}

function wholeNumber(value: Expression | undefined): string | undefined {
  return value?.type === 'literal' ? value.raw : undefined
}
