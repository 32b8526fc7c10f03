import fc from 'fast-check'
import { readFixtures } from './fixture.ts'

/** A line of every shape that the fixtures have. */
export const lines = [...(await readFixtures('s3')), ...(await readFixtures('cloudfront'))].map(
  ({ line }) => line,
)

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
/** A valid line of which a few pieces are cut out, doubled or replaced. */
export const mutated = fc
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
