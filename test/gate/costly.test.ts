import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { execute } from '../../src/store/http.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { startOperationsStore } from '../metrics/operations-store.ts'
import { until } from '../support/until.ts'
import { own, testGate } from './two-tenants.ts'

setDefaultTimeout(120_000)

// Long texts of one letter, as whoever writes to a log may send: the worst for patterns.
const store = await startOperationsStore()
await execute(
  store.address,
  `INSERT INTO operations (ts, source, format, bucket, operation, class, is_request, status, key, total_ms, request_id, request_uri, line_hash)
SELECT dateadd('s', -(x % 3600)::int, now()), '${own}', 's3', 'b' || (x % 5), 'REST.GET.OBJECT', 'read', true, 200, 'k' || x, (x % 3000)::int,
  'R' || x, rpad('a', 700, 'a'), x FROM long_sequence(200000)`,
)
await execute(store.address, "SELECT wait_wal_table('operations')")
const limit_ms = 300
const pool = openQueryPool(store.address.pgUrl, { connections: 1, timeout_ms: limit_ms })
const gate = testGate(pool)
afterAll(async () => {
  await pool.close()
  await store.stop()
})

const likes = Array.from({ length: 15 }, (_, n) => `request_uri LIKE '%aaaaaaaaaaaaab${n}%'`).join(' OR ')

const ilikes = likes.replaceAll('LIKE', 'ILIKE').split(' OR ').slice(0, 10).join(' OR ')

let slowest_ms = 0
afterAll(() => console.log(`costly: over ${Math.round(slowest_ms)} ms after the time limit at the latest`))

test.each([
  `SELECT count() AS n FROM operations WHERE ${likes}`,
  `SELECT count() AS n FROM operations WHERE ${ilikes}`,
  "SELECT count() AS n FROM operations WHERE request_uri ~ '^a+b' OR request_uri ~ '^[a-z]+b' OR request_uri ~ '(a|b)(b|c)d'",
  "SELECT max(length(regexp_replace(request_uri, '^a+(b).*$', '$1'))) AS n FROM operations",
  "SELECT max(length(replace(request_uri, 'a', 'aaaa'))) AS n FROM operations",
  'SELECT max(length(concat(a, a))) AS n FROM (SELECT concat(request_uri, request_uri) AS a FROM operations)',
  'SELECT request_id, count_distinct(request_uri) AS n FROM operations GROUP BY request_id ORDER BY n DESC',
  'SELECT request_uri, key, rank() OVER (ORDER BY request_uri, key) AS n FROM operations ORDER BY n DESC',
  'SELECT count() AS n FROM operations a JOIN operations b ON a.bucket = b.bucket AND a.key > b.key',
  'SELECT a.key, b.key AS k FROM operations a LEFT JOIN operations b ON a.bucket = b.bucket ORDER BY a.key, k',
  'SELECT * FROM operations a ASOF JOIN operations b ON (request_uri) ORDER BY a.key DESC, b.key',
])('however costly, a query is over soon after its time limit: %s', async (sql) => {
  const begun_ms = performance.now()
  const error = await gate.run({ sql, scope: [own], turns_of: 'a' }).catch((error: unknown) => error)
  // On a fast machine some are answered in time.
  if (error instanceof Error)
    expect(['query_timeout', 'query_too_large']).toContain((error as Error & { code?: string }).code ?? '')
  const alive =
    "SELECT query FROM query_activity() WHERE query LIKE '%LIMIT 1001%' AND query NOT LIKE '%activity%'"
  // A second on a machine that does nothing else; without bounds it was minutes.
  await until(async () => (await store.query(alive)).rows.length === 0, {
    timeout_ms: 5_000,
    what: 'the query is over',
  })
  slowest_ms = Math.max(slowest_ms, performance.now() - begun_ms - limit_ms)
})
