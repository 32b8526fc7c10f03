import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createRunParser } from '../../src/logs/parse.ts'
import { holdsControl } from '../../src/logs/printable.ts'
import { createRegularReader } from '../../src/logs/s3-regular.ts'
import { readFixtures, runOf } from './fixture.ts'

const lines = [...(await readFixtures('s3')), ...(await readFixtures('cloudfront'))].map(({ line }) => line)
const readRegular = createRegularReader()
const both = () => [createRunParser({ readRegular }), createRunParser({ readRegular: () => false })] as const

const splinter = fc.oneof(
  fc.constantFrom(
    ' ',
    '"',
    '" "',
    ' - ',
    '-',
    '[',
    ']',
    '%',
    '%25',
    '+',
    '?',
    '&',
    '=',
    '\t',
    '\r',
    '\n',
    '\0',
    '/',
    '#',
    'ms',
  ),
  fc.constantFrom(
    ' [06/Apr/2024:16:10:20 +0000] ',
    ' 200 - 1 1 1 1 ',
    'REST.GET.OBJECT ',
    ' "GET /x HTTP/1.1" ',
    ' AIDAX ',
    'SigV4 ',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.nat().map(String),
)
// A valid line of which a few pieces are cut out, doubled or replaced.
const mutated = fc
  .tuple(
    fc.constantFrom(...lines),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 30 }), splinter), {
      maxLength: 3,
    }),
  )
  .map(([line, cuts]) =>
    cuts.reduce((text, [at, length, piece]) => {
      const from = Math.floor(at * text.length)
      return text.slice(0, from) + piece + text.slice(from + length)
    }, line),
  )

test('regular reader says of every mutated line what the careful one says', () => {
  fc.assert(
    fc.property(fc.array(mutated, { minLength: 1, maxLength: 5 }), (some) => {
      const run = runOf(some.join('\n'))
      const [fast, careful] = both().map((parser) => parser.parse(run))
      expect(fast).toEqual(careful)
    }),
    { numRuns: 3000 },
  )
})

const regular = lines[0] ?? ''
const [closing = ''] = /(?<=x86_64\)").*/.exec(regular) ?? []

test.each([
  ['an operation where the address stands', regular.replace('203.0.113.9', 'REST.GET.OBJECT')],
  [
    'a second time where the requester stands',
    regular.replace(' - 0A1B2C3D4E5F6071', ' [06/Apr/2024:16:10:20 +0000]'),
  ],
  ['a second time in the URI', regular.replace('/a/b.jpg HTTP/1.1', '[06/Apr/2024:16:10:20 +0000]')],
  ['a quote behind the user agent', regular.replace(closing, ' v" h - - - - -')],
  ['a user agent that has no end', regular.replace(/"Moz[^"]*" /, '" ')],
  ['a quoted referer that goes on', regular.replace('"-" "', '"-"x"')],
  ['a status of two digits', regular.replace(' 200 ', ' 20 ')],
  ['a status of four digits', regular.replace(' 200 ', ' 2000 ')],
  [
    'a word that reads like an operation before it',
    regular.replace('REST.GET.OBJECT a/b.jpg', 'list REST.GET.OBJECT'),
  ],
  [
    'spaces in the requester and an operation in small letters',
    regular.replace(' - 0A1B', ' a b 0A1B').replace('REST.GET.OBJECT', 'REST.GET.object'),
  ],
  [
    'numbers out of range before others',
    regular.replace(' 3400 31 29 ', ` ${'9'.repeat(17)} 31 29 "x" 200 - 1 1 1 1 `),
  ],
])('regular reader leaves alone a line with %s', (_, line) => {
  expect(line).not.toBe(regular)
  const [fast, careful] = both().map((parser) => parser.parse(runOf(line)))
  expect(fast).toEqual(careful)
})

test('numbers that something else than a space keeps apart are guessed by neither reader', () => {
  const numbers = '200 - 1200 3400 31 29'
  const line = lines.find((one) => one.includes(` ${numbers} `))
  if (line === undefined) throw new Error('no fixture has these numbers')
  for (const separator of ['&', '-', 'x', '.', '\t', '0&'])
    for (let at = numbers.indexOf(' '); at !== -1; at = numbers.indexOf(' ', at + 1)) {
      const glued = numbers.slice(0, at) + separator + numbers.slice(at + 1)
      const run = runOf(line.replace(numbers, glued))
      const [fast, careful] = both().map((parser) => parser.parse(run))
      expect(fast).toEqual(careful)
      expect(fast?.operations).toEqual([])
    }
})

test('parser accounts for every line of any bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(mutated).map((some) => Buffer.from(some.join('\n'), 'latin1')),
    fc
      .array(fc.oneof(mutated, fc.string({ unit: 'binary' })))
      .map((some) => new TextEncoder().encode(some.join('\n'))),
  )
  fc.assert(
    fc.property(bytes, (any) => {
      const run = runOf(any)
      const { operations, refused, blank } = createRunParser({ readRegular }).parse(run)
      expect(operations.length + refused.length + blank).toBe(run.lines)
      for (const { ts, bytes_sent, object_size } of operations) {
        for (const number of [ts, bytes_sent, object_size ?? 0])
          expect(Number.isSafeInteger(number)).toBe(true)
      }
      for (const { excerpt } of refused) expect(holdsControl(excerpt) || !excerpt.isWellFormed()).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('parser gets through the longest lines of every repeated piece', () => {
  const pieces = [
    '"',
    ' ',
    '" "',
    ' "',
    '- ',
    '%',
    '%25',
    '?',
    '&token',
    '?pwdpwd',
    '[',
    '" 200 - 1 1 1 1 ',
    ' - 200 - 1 1 1',
    ' "GET ',
    '1',
  ]
  const [head, regular = ''] = [lines[0]?.slice(0, lines[0].indexOf(' a/b')), lines[0]]
  const [parser] = both()
  for (const piece of pieces) {
    const long = piece.repeat(64_000 / piece.length)
    for (const line of [
      long,
      `${head} ${long}`,
      regular.replace('X11', () => long),
      regular.replace('/b.jpg ', () => long),
    ]) {
      const { operations, refused, blank } = parser.parse(runOf(line))
      expect(operations.length + refused.length + blank).toBe(1)
    }
  }
})
