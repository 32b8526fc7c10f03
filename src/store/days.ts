/** The rows that a statement gives. */
type Run = (sql: string) => Promise<unknown[][]>

/** What lies of a table for one day, whose name is such as 2026-10-05. */
export interface StoredDay {
  name: string
  from_ms: number
  rows: number
  bytes: number
  is_parquet: boolean
  /** Rows are appended to it. */
  active: boolean
}

export const day_ms = 86_400_000

/** The days of a table that is partitioned by day, the oldest first; QuestDB knows it without reading any row. */
export async function readDays(run: Run, table: string): Promise<StoredDay[]> {
  const partitions = await run(
    `SELECT name, numRows, diskSize, isParquet, active, detached FROM table_partitions('${table}')`,
  )
  const days = new Map<string, StoredDay>()
  for (const [partition, rows, bytes, is_parquet, active, detached] of partitions) {
    // Late rows may split a day, whose parts are named after the day and a time in it.
    const name = String(partition).slice(0, 10)
    const from_ms = Date.parse(name)
    if (detached === true || Number.isNaN(from_ms)) continue
    const day = days.get(name) ?? { name, from_ms, rows: 0, bytes: 0, is_parquet: true, active: false }
    days.set(name, {
      ...day,
      rows: day.rows + Number(rows),
      bytes: day.bytes + Number(bytes),
      is_parquet: day.is_parquet && is_parquet === true,
      active: day.active || active === true,
    })
  }
  return [...days.values()].toSorted((a, b) => a.from_ms - b.from_ms)
}
