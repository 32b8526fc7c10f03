import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createBacklog } from '../../src/pipeline/backlog.ts'
import type { ListedObject } from '../../src/spaces/list.ts'

const object = fc.record({
  key: fc.string({ maxLength: 3 }),
  etag: fc.constant('e'),
  bytes: fc.constant(1),
  modified_ms: fc.integer({ min: 0, max: 20 }),
})
const step = fc.option(object, { nil: 'take' as const, freq: 3 })

function newestFirst(a: ListedObject, b: ListedObject): number {
  return b.modified_ms - a.modified_ms || (a.key < b.key ? 1 : a.key > b.key ? -1 : 0)
}

test('a backlog gives the newest object first, as a sorted list would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const backlog = createBacklog(1000)
      const model: ListedObject[] = []
      for (const step of steps) {
        if (step === 'take') expect(backlog.take()).toEqual(model.shift())
        else {
          expect(backlog.add(step)).toEqual([])
          model.push(step)
          model.sort(newestFirst)
        }
        expect(backlog.size).toBe(model.length)
      }
      expect(Array.from(model, () => backlog.take())).toEqual(model)
      expect(backlog.take()).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})

test('a full backlog lets the oldest fall, names each of them, and never exceeds its capacity', () => {
  fc.assert(
    fc.property(
      fc.array(object, { maxLength: 200 }),
      fc.integer({ min: 1, max: 40 }),
      (objects, capacity) => {
        const backlog = createBacklog(capacity)
        const fallen: ListedObject[] = []
        for (const one of objects) {
          const fell = backlog.add(one)
          fallen.push(...fell)
          expect(backlog.size).toBeLessThanOrEqual(capacity)
        }
        const kept: ListedObject[] = []
        for (let one = backlog.take(); one; one = backlog.take()) kept.push(one)
        expect([...kept, ...fallen].sort(newestFirst)).toEqual([...objects].sort(newestFirst))
        expect(kept).toEqual([...kept].sort(newestFirst))
        const newest = [...objects].sort(newestFirst)[0]
        if (newest) expect(kept[0]).toEqual(newest)
      },
    ),
    { numRuns: 300 },
  )
})
