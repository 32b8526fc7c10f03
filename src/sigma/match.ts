import { list, text } from '../store/sql.ts'
import { networkCondition } from './network.ts'
import { eventCondition, operationsOfEvent } from './event-names.ts'
import { readField } from './fields.ts'
import type { SigmaField } from './fields.ts'
import { fits, likePattern, plainText, readWildcards } from './pattern.ts'
import type { Piece } from './pattern.ts'
import { allOf, anyOf } from './predicate.ts'
import type { Predicate } from './predicate.ts'
import { SigmaError } from './problem.ts'
import type { FieldMatch, SigmaValue } from './rule.ts'

const shapes: Readonly<Record<string, (pieces: readonly Piece[]) => Piece[]>> = {
  contains: (pieces) => ['*', ...pieces, '*'],
  startswith: (pieces) => [...pieces, '*'],
  endswith: (pieces) => ['*', ...pieces],
}
const comparisons: Readonly<Record<string, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' }
const understood = [
  ...Object.keys(shapes),
  ...Object.keys(comparisons),
  're',
  'cidr',
  'exists',
  'all',
  'cased',
]
const modifiers = new Set(['i', ...understood])

/** What a row must be to match; throws SigmaError for a field, modifier or value that access logs cannot answer. */
export function predicateOf(match: FieldMatch): Predicate {
  const field = readField(match.field, match.at)
  const unknown = match.modifiers.filter((modifier) => !modifiers.has(modifier))
  if (unknown.length > 0)
    throw refused(
      match,
      `the modifier ${unknown.join(', ')} is not understood`,
      `there are ${understood.join(', ')}`,
    )
  const one = reader(field, match)
  if (match.modifiers.includes('all')) return allOf(match.values.map(one))
  if (field.kind === 'event') return eventPredicate(match, match.values)
  return field.kind === 'text' ? anyText(field.column, match, one) : anyOf(match.values.map(one))
}

function reader(field: SigmaField, match: FieldMatch): (value: SigmaValue) => Predicate {
  const kind = match.modifiers.find(
    (modifier) => modifier !== 'all' && modifier !== 'cased' && modifier !== 'i',
  )
  if (field.kind === 'fixed') return (value) => fits(field.value, pieces(value, match))
  if (field.kind === 'event') return (value) => eventPredicate(match, [value])
  const { column } = field
  if (kind === 'exists') return (value) => (value === true ? `${column} IS NOT NULL` : `${column} IS NULL`)
  return (value) => {
    if (value === null) return `${column} IS NULL`
    if (kind !== undefined && kind in comparisons)
      return `${column} ${comparisons[kind]} ${number(value, match)}`
    if (field.kind === 'number') return `${column} = ${number(value, match)}`
    if (kind === 'cidr') return networkCondition(column, String(value), match.at)
    if (kind === 're')
      return `${column} ~ ${text(`${match.modifiers.includes('i') ? '(?i)' : ''}${String(value)}`)}`
    if (value === '') return `(${column} IS NULL OR ${column} = '')`
    const read = pieces(value, match)
    const isCased = match.modifiers.includes('cased')
    const plain = plainText(read)
    if (plain !== null)
      return isCased ? `${column} = ${text(plain)}` : `lower(${column}) = ${text(plain.toLowerCase())}`
    if (read.every((piece) => piece === '*')) return `${column} IS NOT NULL`
    return `${column} ${isCased ? 'LIKE' : 'ILIKE'} ${text(likePattern(read))}`
  }
}

// One search of the text for all plain values, as a statement may have thirty.
function anyText(column: string, match: FieldMatch, one: (value: SigmaValue) => Predicate): Predicate {
  const isPlain = (value: SigmaValue): value is string =>
    match.modifiers.length === 0 &&
    typeof value === 'string' &&
    value !== '' &&
    plainText(pieces(value, match)) !== null
  const plain = match.values.filter(isPlain)
  if (plain.length < 2) return anyOf(match.values.map(one))
  const values = plain.map((value) => (plainText(pieces(value, match)) ?? '').toLowerCase())
  return anyOf([
    `lower(${column}) IN ${list(values)}`,
    ...match.values.filter((value) => !isPlain(value)).map(one),
  ])
}

/** The shape of a text value: its wildcards and those that its modifier puts around it. */
function pieces(value: SigmaValue, match: FieldMatch): Piece[] {
  const shape = match.modifiers.find((modifier) => modifier in shapes)
  const read = readWildcards(String(value))
  return shape === undefined ? read : (shapes[shape]?.(read) ?? read)
}

function eventPredicate(match: FieldMatch, wanted: readonly SigmaValue[]): Predicate {
  const { modifiers, at } = match
  if (!modifiers.every((modifier) => modifier in shapes || modifier === 'all' || modifier === 'cased'))
    throw new SigmaError([
      { at, fact: `${modifiers.join('|')} cannot be asked of an event name`, remedy: 'write the names' },
    ])
  const names = Object.keys(operationsOfEvent).filter((name) =>
    wanted.some((value) => fits(name, pieces(value, match))),
  )
  const special = names.filter((name) => name in eventCondition)
  const operations = names
    .filter((name) => !special.includes(name))
    .flatMap((name) => operationsOfEvent[name] ?? [])
  return anyOf([
    ...(operations.length > 0 ? [`operation IN ${list([...new Set(operations)])}`] : []),
    ...special.map(
      (name) => `(operation IN ${list(operationsOfEvent[name] ?? [])} AND ${eventCondition[name]})`,
    ),
  ])
}

function number(value: SigmaValue, match: FieldMatch): number {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof read === 'number' && Number.isFinite(read)) return read
  throw refused(match, `${JSON.stringify(value)} is no number`, 'write a number')
}

function refused({ at }: FieldMatch, fact: string, remedy: string): SigmaError {
  return new SigmaError([{ at, fact, remedy }])
}
