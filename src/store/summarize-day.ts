import type { QuestDBAddress } from './address.ts'
import { execute } from './http.ts'
import { text, timestamp } from './sql.ts'

/** Columns of `operations` that days are counted by, and which requests count; a summary names its dimension after one. */
export const dimensions = {
  key: 'key IS NOT NULL',
  key_prefix: 'key IS NOT NULL',
  remote_ip: 'true',
  requester: 'true',
  user_agent: 'true',
  referer: 'true',
} as const
export type SummaryDimension = keyof typeof dimensions

/** What is counted: over rows of `operations`, and over rows that hold these counts. */
const counts = [
  ['operations', 'count()', 'sum(operations)'],
  ['bytes_sent', 'sum(bytes_sent)', 'sum(bytes_sent)'],
  ['bytes_received', 'sum(bytes_received)', 'sum(bytes_received)'],
  [
    'errors',
    'sum(CASE WHEN status >= 400 THEN 1 ELSE 0 END)',
    'sum(CASE WHEN status >= 400 THEN operations ELSE 0 END)',
  ],
] as const
/** A value with more than this of any count has rows of its own. */
type Cuts = Record<(typeof counts)[number][0], number>

export interface SummarizeOptions {
  address: QuestDBAddress
  from_ms: number
  to_ms: number
  /** How many values of a dimension, of one source, are kept for each count; all others are the rest. */
  largest: number
  signal: AbortSignal
}

// What QuestDB itself lets a statement take.
const timeout_ms = 60_000

/**
 * Counts the requests of a day into `day_counts`, in the place of what it held of that day. Gives what the rows of
 * `day_summaries` say of each source that has more values than are kept: dimension, source, and what each of the others
 * counts at most. Throws when the signal aborts.
 */
export async function summarizeDay(options: SummarizeOptions): Promise<string[]> {
  const { address, from_ms, to_ms, largest, signal } = options
  const run = async (sql: string): Promise<unknown[][]> => {
    signal.throwIfAborted()
    return execute(address, sql, timeout_ms)
  }
  const name = new Date(from_ms).toISOString().slice(0, 10)
  const within = `ts >= ${timestamp(from_ms)} AND ts < ${timestamp(to_ms)}`
  // Nobody reads it any more: what it vouched for differs from what is stored for far longer than a query may take.
  await run(`ALTER TABLE day_counts DROP PARTITION LIST ${text(name)}`)
  const bounds: string[] = []
  for (const [dimension, condition] of Object.entries(dimensions)) {
    const where = `${within} AND is_request AND ${condition}`
    const cuts = await readCuts(run, dimension, where, largest)
    await run(`INSERT INTO day_counts ${countsSql({ dimension, from_ms, where, cuts })}`)
    for (const [source, most] of cuts) {
      const each = counts.map(([count]) => most[count])
      bounds.push(`${text(dimension)}, ${text(source)}, ${each.join(', ')}`)
    }
  }
  await run("SELECT wait_wal_table('day_counts')")
  return bounds
}

/** Of each source that has more values than are kept: the counts of the largest one that is not kept. */
async function readCuts(
  run: (sql: string) => Promise<unknown[][]>,
  dimension: string,
  where: string,
  largest: number,
): Promise<Map<string, Cuts>> {
  const cuts = new Map<string, Cuts>()
  const distinct = await run(`SELECT source, count_distinct(${dimension}) FROM operations WHERE ${where}`)
  for (const [source, values] of distinct) {
    if (Number(values) <= largest) continue
    const cutOf = async (count: string): Promise<number> => {
      const [next] = await run(`SELECT n FROM (SELECT ${dimension}, ${count} n FROM operations
WHERE ${where} AND source = ${text(String(source))}) ORDER BY n DESC LIMIT ${largest}, ${largest + 1}`)
      return Number(next?.[0] ?? 0)
    }
    const [operations, bytes_sent, bytes_received, errors] = counts.map(([, raw]) => raw)
    cuts.set(String(source), {
      operations: await cutOf(operations ?? ''),
      bytes_sent: await cutOf(bytes_sent ?? ''),
      bytes_received: await cutOf(bytes_received ?? ''),
      errors: await cutOf(errors ?? ''),
    })
  }
  return cuts
}

interface CountsOptions {
  dimension: string
  from_ms: number
  where: string
  cuts: Map<string, Cuts>
}

function countsSql({ dimension, from_ms, where, cuts }: CountsOptions): string {
  const head = `SELECT cast(${timestamp(from_ms)} AS timestamp) ts, ${text(dimension)} dimension, source, format, bucket, class`
  const grouped = `SELECT source, format, bucket, class, (status / 100) * 100 status, ${dimension} value, count() operations,
  sum(bytes_sent) bytes_sent, sum(bytes_received) bytes_received, min(ts) first_seen, max(ts) last_seen
FROM operations WHERE ${where}`
  const sums = 'operations, bytes_sent, bytes_received, first_seen, last_seen'
  if (cuts.size === 0) return `${head}, status, value, false rest, ${sums} FROM (\n${grouped}\n)`
  const ofValue = counts.map(
    ([count, , again]) => `${again} OVER (PARTITION BY source, value) ${count}_of_value`,
  )
  const kept = [...cuts].map(([source, most]) => {
    const more = counts.map(([count]) => `${count}_of_value > ${most[count]}`)
    return `WHEN ${text(source)} THEN ${more.join(' OR ')}`
  })
  return `${head}, status, value, rest, sum(operations) operations, sum(bytes_sent) bytes_sent,
  sum(bytes_received) bytes_received, min(first_seen) first_seen, max(last_seen) last_seen
FROM (
  SELECT source, format, bucket, class, status, CASE WHEN kept THEN value END value, NOT kept rest, ${sums} FROM (
    SELECT *, CASE source ${kept.join(' ')} ELSE true END kept FROM (SELECT *, ${ofValue.join(', ')} FROM (
${grouped}
    ))
  )
)`
}
