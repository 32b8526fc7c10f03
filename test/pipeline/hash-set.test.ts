import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createHashSet } from '../../src/pipeline/hash-set.ts'

// Few, so that they come again; many of them meet in one slot, as their halves are alike.
const halves = [0n, 1n, 2n, 1023n, 1024n, 1025n, 0xffffffffn]
const hash = fc
  .tuple(fc.constantFrom(...halves), fc.constantFrom(...halves))
  .map(([high, low]) => BigInt.asIntN(64, (high << 32n) | low))
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), hash }) },
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('has' as const), hash }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sweep' as const), hash: fc.constant(0n) }) },
)

test('a hash set holds what was added, and forgets what was not met in two rounds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: 'max' }), (steps) => {
      const set = createHashSet()
      let known = new Map<bigint, number>()
      for (const { kind, hash } of steps) {
        const id = BigInt.asUintN(64, hash)
        if (kind === 'add') {
          set.add(hash)
          known.set(id, 0)
        } else if (kind === 'has') {
          expect(set.has(hash)).toBe(known.has(id))
          if (known.has(id)) known.set(id, 0)
        } else {
          set.sweep()
          known = new Map([...known].flatMap(([id, missed]) => (missed < 2 ? [[id, missed + 1]] : [])))
        }
        expect(set.size).toBe(known.size)
      }
      for (const id of known.keys()) expect(set.has(id)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('a hash set keeps a million hashes apart, through growth and sweep', () => {
  const set = createHashSet()
  const nth = (i: number): bigint => Bun.hash.xxHash64(String(i))
  for (let i = 0; i < 1_000_000; i++) set.add(nth(i))
  expect(set.size).toBe(1_000_000)
  set.sweep()
  for (const _ of [1, 2]) {
    for (let i = 0; i < 1_000_000; i += 2) set.has(nth(i))
    set.sweep()
  }
  expect(set.size).toBe(500_000)
  const found = Array.from({ length: 1_000_000 }, (_, i) => set.has(nth(i)))
  expect(found.findIndex((has, i) => has !== (i % 2 === 0))).toBe(-1)
})

test('a million hashes cost at most 40 MB, also while the set grows', () => {
  const script = `
    import { createHashSet } from ${JSON.stringify(Bun.resolveSync('../../src/pipeline/hash-set.ts', import.meta.dir))}
    const allocated = []
    for (const name of ['Uint32Array', 'Uint8Array']) {
      const real = globalThis[name]
      globalThis[name] = class extends real { constructor(...all) { super(...all); allocated.push(this.byteLength) } }
    }
    const set = createHashSet()
    for (let i = 0; i < 1_000_000; i++) set.add((BigInt(i) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn)
    // The three arrays in use, and the three before them, which live until they are copied.
    console.log(allocated.slice(-6).reduce((sum, bytes) => sum + bytes, 0))`
  const { stdout } = Bun.spawnSync([process.execPath, '-e', script])
  const bytes = Number(stdout.toString())
  expect(bytes).toBeGreaterThan(9e6)
  expect(bytes).toBeLessThan(40e6)
})
