import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { execute } from '../../src/store/http.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { startOperationsStore } from '../metrics/operations-store.ts'
import { own, testGate } from './two-tenants.ts'

setDefaultTimeout(120_000)

const store = await startOperationsStore()
await execute(
  store.address,
  `INSERT INTO operations (ts, source, format, bucket, operation, class, is_request, status, key, total_ms, request_id, request_uri, line_hash)
SELECT dateadd('s', -(x % 86400)::int, now()), '${own}', 's3', 'b' || (x % 5), 'REST.GET.OBJECT', 'read', true, 200,
  'k' || x || rpad('a', 80, 'a'), (x % 3000)::int, 'R' || x, rpad('a', 300, 'a') || x, x FROM long_sequence(300000)`,
)
await execute(store.address, "SELECT wait_wal_table('operations')")
const pool = openQueryPool(store.address.pgUrl, { connections: 2, timeout_ms: 30_000 })
const gate = testGate(pool)
afterAll(async () => {
  await pool.close()
  await store.stop()
})

const pairs = 'operations a JOIN operations b ON a.bucket = b.bucket'

test.each([
  `SELECT a.key, b.key AS k FROM ${pairs} ORDER BY a.key, k`,
  `SELECT a.key, b.key AS k FROM operations a LEFT JOIN operations b ON a.bucket = b.bucket ORDER BY a.key, k`,
  `SELECT a.key, b.key AS k, count() AS n FROM ${pairs} GROUP BY a.key, b.key`,
  `SELECT DISTINCT a.key, b.request_uri AS k FROM ${pairs}`,
  `SELECT a.key, b.request_uri AS k, row_number() OVER (ORDER BY b.key) AS n FROM ${pairs} ORDER BY n DESC`,
])('a query that gathers too much is told so before it takes the memory of others: %s', async (sql) => {
  const error = await gate.run({ sql, scope: [own], turns_of: 'a' }).catch((error: unknown) => error)
  expect(error).toMatchObject({
    code: 'query_too_large',
    hint: expect.stringContaining('narrow the time window'),
    // Its own bound and not the one that all queries share.
    cause: { message: expect.not.stringContaining('global') },
  })
  expect((await store.query('SELECT 1')).rows).toEqual([[1]])
})
