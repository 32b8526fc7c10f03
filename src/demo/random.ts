/** Repeatable chance: the same seed and path give the same draws on every machine. */
export interface Random {
  uint32(): number
  /** In [0, 1). */
  fraction(): number
  /** An integer in [0, n). */
  below(n: number): number
  chance(share: number): boolean
  pick<T>(items: readonly T[]): T
  /** Log-normal around a median; `spread` is the sigma of the logarithm. */
  around(median: number, spread: number): number
  hex(length: number): string
  upperHex(length: number): string
  /** Characters of base64 without padding. */
  base64(length: number): string
}

const HEX = pairs('0123456789abcdef')
const UPPER_HEX = pairs('0123456789ABCDEF')
const BASE64 = pairs('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')

/** A generator of its own for each `path` under one seed, so that parts can be made in any order (sfc32 by C. Doty-Humphrey). */
export function createRandom(seed: number, ...path: readonly (number | string)[]): Random {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = seed | 0
  let counter = 1

  function uint32(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  function text(table: readonly string[], length: number): string {
    let drawn = ''
    while (drawn.length < length) {
      const bits = uint32()
      drawn += pairAt(table, bits) + pairAt(table, bits >>> 12)
    }
    return drawn.length > length ? drawn.slice(0, length) : drawn
  }
  const fraction = () => uint32() / 4_294_967_296
  const below = (n: number) => Math.floor(fraction() * n)

  for (const step of [Math.floor(seed / 4_294_967_296), ...path]) {
    for (const unit of String(step)) {
      a = Math.imul(a ^ (unit.codePointAt(0) ?? 0), 0x01000193)
      uint32()
    }
    b ^= 0x2f // so that ('1', '2') and ('12') differ
    for (let round = 0; round < 12; round++) uint32()
  }

  return {
    uint32,
    fraction,
    below,
    chance: (share) => fraction() < share,
    pick: <T>(items: readonly T[]) => items[below(items.length)] as T,
    around: (median, spread) =>
      median *
      Math.exp(spread * Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction())),
    hex: (length) => text(HEX, length),
    upperHex: (length) => text(UPPER_HEX, length),
    base64: (length) => text(BASE64, length),
  }
}

/** Draws an item as often as its weight says, in constant time (Vose's alias method). */
export function createDraw<T>(
  weighted: readonly (readonly [item: T, weight: number])[],
): (random: Random) => T {
  const count = weighted.length
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0)
  const share = Float64Array.from(weighted, ([, weight]) => (weight * count) / total)
  const other = Uint32Array.from(share.keys())
  const small: number[] = []
  const large: number[] = []
  share.forEach((value, index) => (value < 1 ? small : large).push(index))
  while (small.length > 0 && large.length > 0) {
    const under = small.pop() as number
    const over = large.pop() as number
    other[under] = over
    share[over] = (share[over] as number) + (share[under] as number) - 1
    ;((share[over] as number) < 1 ? small : large).push(over)
  }
  for (const index of [...small, ...large]) share[index] = 1
  return (random) => {
    const index = random.below(count)
    const chosen = random.fraction() < (share[index] as number) ? index : (other[index] as number)
    return (weighted[chosen] as readonly [T, number])[0]
  }
}

/** Draws early items far more often than late ones: the weight of rank k is 1 / k^exponent. */
export function createZipf<T>(items: readonly T[], exponent = 1): (random: Random) => T {
  return createDraw(items.map((item, rank) => [item, 1 / (rank + 1) ** exponent] as const))
}

function pairs(alphabet: string): string[] {
  return [...alphabet].flatMap((first) => [...alphabet].map((second) => first + second))
}

/** Every table's length is a power of two. */
function pairAt(table: readonly string[], bits: number): string {
  return table[bits & (table.length - 1)] as string
}
