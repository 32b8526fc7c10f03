type Rows = readonly (readonly unknown[])[]

const tolerance = 1e-9

/**
 * Whether two tables hold the same rows: exactly, but for columns that hold fractions in either, which may differ by a
 * relative 1e-9. The order of summation, and so the last bits, depend on processor, threads and partitions.
 */
export function sameRows(a: Rows, b: Rows, { ordered }: { ordered: boolean }): boolean {
  if (a.length !== b.length) return false
  const fractions = new Set([...a, ...b].flatMap((row) => row.flatMap((v, i) => (isFraction(v) ? [i] : []))))
  const exact = (row: readonly unknown[]): string =>
    JSON.stringify(row.map((value, index) => (fractions.has(index) ? null : value)))
  const floating = (row: readonly unknown[]): unknown[] => row.filter((_, index) => fractions.has(index))
  const inOrder = (rows: Rows): Rows =>
    ordered ? rows : rows.toSorted((x, y) => order(exact(x), exact(y)) || orderAll(floating(x), floating(y)))
  const others = inOrder(b)
  return inOrder(a).every((row, index) => {
    const other = others[index] ?? []
    return exact(row) === exact(other) && floating(row).every((value, at) => near(value, floating(other)[at]))
  })
}

function isFraction(value: unknown): boolean {
  return typeof value === 'number' && !Number.isInteger(value)
}

function near(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return Object.is(a, b)
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function orderAll(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, value] of a.entries()) {
    const difference = near(value, b[index]) ? 0 : Number(value) - Number(b[index])
    if (difference !== 0) return difference
  }
  return 0
}
