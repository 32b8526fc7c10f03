import { rewrite } from '../../src/gate/rewrite.ts'
import { SqlError } from '../../src/gate/sql-error.ts'
import { heavyStatements } from '../gate/heavy-families.ts'

/** What it takes to read SQL that is after size and time. */
export interface NestingFigures {
  all: number
  written: number
  longest_ms: number
  grown_mb: number
  /** What was neither refused nor small. */
  wrong: string[]
}

const window = { from_ms: 0, to_ms: Date.UTC(2026, 0) }
const read = (sql: string): string | Error => {
  try {
    return rewrite({ sql, scope: ['x'], limit: 1_000, window }).sql_executed
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

read('SELECT 1')
const before = process.memoryUsage.rss()
// Sampled, as the peak that the kernel keeps begins with that of the process which started this one.
let largest = before
const statements = heavyStatements()
const figures: NestingFigures = { all: statements.length, written: 0, longest_ms: 0, grown_mb: 0, wrong: [] }
for (const { family, depth, width, sql } of statements) {
  const begun_ms = performance.now()
  const found = read(sql)
  figures.longest_ms = Math.max(figures.longest_ms, Math.round(performance.now() - begun_ms))
  largest = Math.max(largest, process.memoryUsage.rss())
  if (typeof found === 'string') figures.written++
  if (typeof found === 'string' ? found.length >= 80_000 : !(found instanceof SqlError))
    figures.wrong.push(`${family}, ${depth} deep, ${width} wide: ${String(found).slice(0, 200)}`)
}
figures.grown_mb = Math.round((largest - before) / 1_000_000)
console.log(JSON.stringify(figures))
