import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createRunParser } from '../../src/logs/parse.ts'
import { holdsControl } from '../../src/logs/printable.ts'
import { runOf } from './fixture.ts'
import { lines, mutated } from './mutated.ts'

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
      const { operations, refused, blank } = createRunParser().parse(run)
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
    ' [05/Oct/2026:13:55:36 +0000]',
    ' REST.GET.OBJECT',
  ]
  const [head, regular = ''] = [lines[0]?.slice(0, lines[0].indexOf(' a/b')), lines[0]]
  const parser = createRunParser()
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
