import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { createSlabs } from '../../src/store/slabs.ts'
import type { Part } from '../../src/store/slabs.ts'
import { hostileOperation } from '../support/hostile-operation.ts'

const hash = (bytes: Uint8Array): bigint => Bun.hash.xxHash64(bytes)

test('no byte of rows in use changes, whatever is appended, taken, refused and taken again meanwhile', async () => {
  const operations = fc.sample(hostileOperation, { numRuns: 400, seed: 4 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          rows: fc.integer({ min: 0, max: 400 }),
          take: fc.integer({ min: 0, max: 6 }),
          fails: fc.boolean(),
        }),
        {
          minLength: 20,
          maxLength: 120,
        },
      ),
      async (steps) => {
        const buffer = createRowBuffer()
        const waiting: { part: Part; hash: bigint }[] = []
        const taking: Promise<void>[] = []
        for (const [step, { rows, take, fails }] of steps.entries()) {
          // Ready rows fill 16 MB soon, so that slabs are used again.
          const part = buffer.append(
            operations.slice(0, rows),
            originOf('s', `o${step}`),
            new Uint8Array((step % 7) << 20),
          )
          waiting.push({ part, hash: hash(part.bytes) })
          if (take === 0) continue
          const batch = waiting.splice(0, take)
          const parts = batch.map((one) => one.part)
          const whole = hash(Buffer.concat(parts.map(({ bytes }) => bytes)))
          const post = (outcome: 'stored' | 'away') =>
            buffer.take(parts, async (bodies) => {
              // What is appended while a post is under way must not touch it.
              await Bun.sleep(0)
              expect(hash(Buffer.concat(bodies))).toBe(whole)
              if (outcome === 'away') throw new Error('away')
            })
          taking.push(
            (async () => {
              if (fails) await expect(post('away')).rejects.toThrow('away')
              await post('stored')
            })(),
          )
          for (const one of waiting) expect(hash(one.part.bytes)).toBe(one.hash)
          if (step % 5 === 0) await Promise.all(taking.splice(0))
        }
        await Promise.all(taking)
        for (const one of waiting) expect(hash(one.part.bytes)).toBe(one.hash)
      },
    ),
    { numRuns: 8, seed: 9 },
  )
})

test('a slab is used again once all of it is released, and not before; a second release changes nothing', () => {
  const slabs = createSlabs(1_000)
  const first = slabs.take(10)
  const [a, b] = [slabs.hold(first.subarray(0, 10)), slabs.hold(first.subarray(10, 20))]
  // As of a run without a row, which nobody takes.
  slabs.hold(first.subarray(20, 20))
  slabs.close(first)
  slabs.release(a)
  slabs.release(a)
  expect(slabs.take(10).buffer).not.toBe(first.buffer)
  slabs.release(b)
  expect(slabs.take(10).buffer).toBe(first.buffer)
  slabs.release(b)
  expect(slabs.take(10).buffer).not.toBe(first.buffer)
})
