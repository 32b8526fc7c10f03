import { expect, test } from 'bun:test'
import { createSpentChunks } from '../../src/pipeline/spent-chunks.ts'

test('a spent chunk gives back its memory, and a part of a buffer stays as it is', () => {
  const spent = createSpentChunks()
  const whole = new Uint8Array(1000).fill(1)
  const shared = new Uint8Array(1000).fill(2)
  spent.add(whole)
  spent.add(shared.subarray(0, 999))
  expect(whole.byteLength).toBe(0)
  expect(shared).toEqual(new Uint8Array(1000).fill(2))
})
