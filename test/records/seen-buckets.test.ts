import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Query } from '../../src/store/query.ts'
import { execute } from '../../src/store/http.ts'
import { timestamp } from '../../src/store/sql.ts'
import { readSeenBuckets } from '../../src/records/seen-buckets.ts'
import { operation, startOperationsStore } from '../metrics/operations-store.ts'
import type { OperationsStore, StoredOperation } from '../metrics/operations-store.ts'
import { traffic } from '../metrics/traffic.ts'

setDefaultTimeout(60_000)

const day_ms = 86_400_000
const now_ms = Math.floor(Date.now() / 1000) * 1000
const made = traffic(9, 2_000, now_ms - 6 * day_ms, now_ms)
let store: OperationsStore
/** What is asked of `operations` itself, without a span of time. */
const scans: string[] = []
const query: Query = (sql) => {
  if (/FROM operations WHERE (?!.*ts >=)/.test(sql)) scans.push(sql)
  return store.query(sql)
}
beforeAll(async () => {
  store = await startOperationsStore()
  await store.insert(made)
})
afterAll(() => store.stop())

function counted(operations: readonly StoredOperation[], source: string) {
  return [...new Set(operations.flatMap(({ bucket }) => bucket ?? []))].toSorted().map((bucket) => {
    const mine = operations.filter((each) => each.source === source && each.bucket === bucket)
    const moments = mine.map(({ ts }) => ts / 1000)
    return [bucket, mine.length, Math.min(...moments), Math.max(...moments)]
  })
}
const seen = async (source: string) =>
  (await readSeenBuckets(query, [source])).map((each) => [
    each.bucket,
    each.operations,
    Date.parse(each.oldest_event ?? ''),
    Date.parse(each.newest_event ?? ''),
  ])

test('before there are rollups every row is counted', async () => {
  expect(await seen('source-a')).toEqual(counted(made, 'source-a'))
  expect(scans).toHaveLength(1)
})

test('hours are counted beforehand, and their ends are told to the second, without a look at all rows', async () => {
  await store.refreshRollups()
  scans.length = 0
  for (const source of ['source-a', 'source-b']) expect(await seen(source)).toEqual(counted(made, source))
  expect(scans).toEqual([])
})

test('rows that came since count at once', async () => {
  const late_ms = now_ms - 2 * day_ms - 12_000
  const late = [late_ms, now_ms - 5_000, now_ms].map((ms) => operation({ ts: ms * 1000 }))
  await store.insert(late)
  await execute(
    store.address,
    `INSERT INTO log_objects (ts, source, key, oldest_event, newest_event, ingested_at)
     VALUES (now(), 'source-a', 'late', ${timestamp(late_ms)}, ${timestamp(now_ms)}, now())`,
  )
  await execute(store.address, "SELECT wait_wal_table('log_objects')")
  expect(await seen('source-a')).toEqual(counted([...made, ...late], 'source-a'))
  expect(scans).toEqual([])
})
