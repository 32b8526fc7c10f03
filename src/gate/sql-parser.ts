import { createRequire } from 'node:module'
import type * as parserModule from '@questdb/sql-parser'

type SqlParser = typeof parserModule

const load = createRequire(import.meta.url)
let loaded: SqlParser | undefined

/** QuestDB's SQL parser. It takes 46 MB and a quarter of a second, so it is there from the first SQL on and not before. */
export function sqlParser(): SqlParser {
  if (loaded) return loaded
  loaded = load('@questdb/sql-parser') as SqlParser
  // What is wrong is refused and nothing of it used, and recovering takes half of the time.
  Object.assign(loaded.parser, { recoveryEnabled: false })
  return loaded
}
