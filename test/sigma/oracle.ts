import { Database } from 'bun:sqlite'
import { join } from 'node:path'

/** A CloudTrail record by the names of its fields. */
export type Row = Record<string, string | number | null>

const script = join(import.meta.dir, 'oracle.py')

/** Whether pySigma and its SQLite backend can be imported; .ci/run installs them. */
export const hasOracle =
  Bun.spawnSync(['python3', '-c', 'import sigma.backends.sqlite'], { stderr: 'ignore' }).exitCode === 0

/** For each rule the `requestID`s of the rows that pySigma's SQL finds in SQLite. */
export function askOracle(rules: readonly object[], rows: readonly Row[]): string[][] {
  const answer = Bun.spawnSync(['python3', script], {
    stdin: Buffer.from(rules.map((rule) => `${JSON.stringify(rule)}\n`).join('')),
  })
  if (answer.exitCode !== 0) throw new Error(answer.stderr.toString())
  const queries = answer.stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[])
  const database = new Database(':memory:')
  const names = Object.keys(rows[0] ?? {})
  // Sigma compares whatever the case; SQLite's = does with this collation, its LIKE by itself.
  database.run(`CREATE TABLE logs (${names.map((name) => `\`${name}\` COLLATE NOCASE`).join(', ')})`)
  const insert = database.prepare(`INSERT INTO logs VALUES (${names.map(() => '?').join(', ')})`)
  for (const row of rows) insert.run(...names.map((name) => row[name] ?? null))
  return queries.map((sql) =>
    sql
      .flatMap((one) => database.query<{ requestID: string }, []>(one).all())
      .map((row) => row.requestID)
      .toSorted(),
  )
}
