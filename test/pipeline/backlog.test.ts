import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { momentInName } from '../../src/logs/log-object-name.ts'
import { createBacklog } from '../../src/pipeline/backlog.ts'
import type { ListedObject } from '../../src/spaces/list.ts'

const object = fc.record({
  key: fc.string({ maxLength: 3 }),
  etag: fc.constant('e'),
  bytes: fc.constant(1),
  modified_ms: fc.integer({ min: 0, max: 20 }).map((n) => n * 8 * 3_600_000),
})
const step = fc.option(object, { nil: 'take' as const, freq: 3 })

const day = ({ modified_ms }: ListedObject): number => Math.floor(modified_ms / 86_400_000)
function inOrder(a: ListedObject, b: ListedObject): number {
  return day(b) - day(a) || a.modified_ms - b.modified_ms || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
}

test('a backlog gives the newest day first, and each day in order, as a sorted list would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
      const backlog = createBacklog(1000)
      const model: ListedObject[] = []
      for (const step of steps) {
        if (step === 'take') expect(backlog.take()).toEqual(model.shift())
        else {
          expect(backlog.add(step)).toEqual([])
          model.push(step)
          model.sort(inOrder)
        }
        expect(backlog.size).toBe(model.length)
      }
      expect(Array.from(model, () => backlog.take())).toEqual(model)
      expect(backlog.take()).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})

test('a full backlog lets the last in order fall, names each of them, and never exceeds its capacity', () => {
  fc.assert(
    fc.property(
      fc.array(object, { maxLength: 200, size: 'max' }),
      fc.integer({ min: 1, max: 40 }),
      (objects, capacity) => {
        const backlog = createBacklog(capacity)
        const fallen: ListedObject[] = []
        let model: ListedObject[] = []
        for (const one of objects) {
          model = [...model, one].toSorted(inOrder)
          const fell = backlog.add(one)
          fallen.push(...fell)
          expect(backlog.size).toBeLessThanOrEqual(capacity)
          expect(fell.toSorted(inOrder)).toEqual(model.splice(backlog.size))
        }
        const kept: ListedObject[] = []
        for (let one = backlog.take(); one; one = backlog.take()) kept.push(one)
        expect([...kept, ...fallen].toSorted(inOrder)).toEqual(objects.toSorted(inOrder))
        expect(kept).toEqual(kept.toSorted(inOrder))
        if (objects.length > 0) expect(kept[0]).toEqual(objects.toSorted(inOrder)[0])
      },
    ),
    { numRuns: 300 },
  )
})

test('where all were modified on one day, as in a bucket that was copied, the newest day by name comes first', () => {
  const backlog = createBacklog(100)
  const names = [
    'logs/2026-10-04-09-00-00-AAAA',
    'logs/2026-10-05-23-10-00-BBBB',
    'logs/2026-10-05-08-00-00-CCCC',
    'cdn/E1.2026-10-06-07.abcd.gz',
    'logs/2026-10-06-06-00-00-DDDD',
  ]
  for (const key of names) backlog.add({ key, etag: 'e', bytes: 1, modified_ms: Date.UTC(2026, 10, 1) })
  expect(Array.from(names, () => backlog.take()?.key)).toEqual([4, 3, 2, 1, 0].map((index) => names[index]))
})

test.each([
  ['logs/2026-10-05-13-55-36-ABCD', Date.UTC(2026, 9, 5, 13, 55, 36)],
  ['E2ABC.2026-10-05-13.1a2b3c4d.gz', Date.UTC(2026, 9, 5, 13)],
  ['logs/2026-10-05', Date.UTC(2026, 9, 5)],
  ['2026-10-05/plain.log', null],
  ['logs/2026-13-45-00-00-00-X', null],
  ['logs/1234-56-78901', null],
  ['logs/app.log', null],
])('the moment in the name %s is %p', (key, moment) => {
  expect(momentInName(key)).toBe(moment)
})
