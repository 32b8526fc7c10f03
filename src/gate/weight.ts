import { SqlError } from './sql-error.ts'

/** How much a piece of SQL asks of QuestDB, each WITH counted as often as it is named. */
export interface Weight {
  /** Stored tables that are read. */
  scans: number
  /** SELECTs of any kind, those without a FROM too. */
  selects: number
  /** SELECTs that stand in one another. */
  depth: number
}

const maxScans = 12
const maxSelects = 100
const maxDepth = 24
// Reading this again, to see that it is confined, takes a tenth of a second.
const maxCharacters = 65_536
const maxColumns = 500

/** Weighs what a SELECT is put together from, and refuses what is too much before it is written down. */
export interface Scales {
  /** Throws SqlError as soon as there is too much of anything. */
  add<Piece extends Weight & { sql: string }>(piece: Piece): Piece
  weight(): Weight
}

export function createScales(): Scales {
  const sum = { scans: 0, selects: 0, depth: 0 }
  let characters = 0
  return {
    add(piece) {
      sum.scans += piece.scans
      sum.selects += piece.selects
      sum.depth = Math.max(sum.depth, piece.depth)
      characters += piece.sql.length
      if (sum.scans > maxScans)
        throw tooMuch(`it reads tables ${sum.scans} times`, `read them at most ${maxScans} times`)
      if (sum.selects > maxSelects)
        throw tooMuch(`it comes to ${sum.selects} SELECTs`, `write at most ${maxSelects}`)
      if (sum.depth > maxDepth)
        throw tooMuch(`${sum.depth} SELECTs stand in one another`, `nest at most ${maxDepth}`)
      if (characters > maxCharacters)
        throw tooMuch(`it becomes longer than ${maxCharacters} characters`, 'name fewer columns and tables')
      return piece
    },
    weight: () => ({ ...sum }),
  }
}

/** Throws SqlError when a SELECT has more columns than any table or join of tables, such as by many stars. */
export function checkColumns(count: number): void {
  if (count > maxColumns) throw new SqlError(`Cannot select ${count} columns`, `select at most ${maxColumns}`)
}

function tooMuch(what: string, remedy: string): SqlError {
  return new SqlError(`Cannot run the SQL: ${what}`, `${remedy}, each WITH counted as often as it is named`)
}
