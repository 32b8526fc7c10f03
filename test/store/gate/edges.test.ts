import { expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import { views } from '../../../src/store/gate/views.ts'
import { sameRows } from '../../support/same-rows.ts'
import { own, sharedStore } from './two-tenants.ts'

setDefaultTimeout(120_000)

const store = await sharedStore()
const run = (sql: string, from_ms: number, to_ms: number) =>
  store.gate.run({
    sql,
    scope: [own],
    name: 'edges',
    limit: 100_000,
    from: String(from_ms),
    to: String(to_ms),
  })

const ends_ms = Date.now()
const span_ms = 7 * 3_600_000
const windows = fc
  .record({ begin: fc.integer({ min: 0, max: span_ms }), length: fc.integer({ min: 1_000, max: span_ms }) })
  .map(({ begin, length }) => ({
    from_ms: ends_ms - span_ms + begin,
    to_ms: ends_ms - span_ms + begin + length,
  }))

// The columns of the minutes, counted from the rows.
const fromRows = `SELECT timestamp_floor('1m', ts) AS minute, format, bucket, operation, class,
  sum(CASE WHEN is_request THEN 1 ELSE 0 END) AS AllRequests,
  sum(CASE WHEN is_request AND status >= 400 AND status < 500 THEN 1 ELSE 0 END) AS Errors4xx,
  sum(CASE WHEN is_request AND status >= 500 THEN 1 ELSE 0 END) AS Errors5xx,
  sum(CASE WHEN is_request AND class = 'list' THEN 1 ELSE 0 END) AS ListRequests,
  sum(CASE WHEN is_request THEN bytes_sent ELSE 0 END) AS BytesDownloaded,
  sum(CASE WHEN is_request THEN bytes_received ELSE 0 END) AS BytesUploaded,
  sum(CASE WHEN is_request THEN total_ms ELSE 0 END) AS total_ms_sum,
  max(CASE WHEN is_request THEN total_ms END) AS total_ms_max
  FROM operations GROUP BY minute, format, bucket, operation, class`
const fromMinutes = `SELECT ts AS minute, format, bucket, operation, class, AllRequests, Errors4xx, Errors5xx, ListRequests,
  BytesDownloaded, BytesUploaded, total_ms_sum, total_ms_max FROM requests_1m`

test('the minutes of any window count its rows and no others', async () => {
  await fc.assert(
    fc.asyncProperty(windows, async ({ from_ms, to_ms }) => {
      const [minutes, rows] = [await run(fromMinutes, from_ms, to_ms), await run(fromRows, from_ms, to_ms)]
      expect(minutes.columns.map(({ name }) => name)).toEqual(rows.columns.map(({ name }) => name))
      expect(sameRows(minutes.rows, rows.rows, { ordered: false })).toBe(true)
    }),
    { numRuns: 60, seed: 7 },
  )
})

test('the minutes come in order and with the same types, however the window lies', async () => {
  const minute_ms = 60_000
  const first_ms = Math.floor((ends_ms - span_ms) / minute_ms) * minute_ms
  const types = views.find(({ name }) => name === 'requests_1m')?.columns.map(({ type }) => type)
  for (const [from_ms, to_ms] of [
    [first_ms, first_ms + span_ms],
    [first_ms + 1, first_ms + span_ms],
    [first_ms, first_ms + span_ms - 1],
    [first_ms + 1, first_ms + span_ms - 1],
    [first_ms + span_ms / 2 + 1_000, first_ms + span_ms / 2 + 59_000],
  ] as const) {
    const { columns, rows } = await run('SELECT * FROM requests_1m', from_ms, to_ms)
    expect(columns.map(({ type }) => type)).toEqual(types ?? [])
    const moments = rows.map(([ts]) => String(ts))
    expect(moments).toEqual(moments.toSorted())
    // What needs the designated timestamp still has it.
    await run('SELECT ts, sum(AllRequests) AS n FROM requests_1m SAMPLE BY 1h', from_ms, to_ms)
    await run('SELECT * FROM requests_1m LATEST ON ts PARTITION BY bucket', from_ms, to_ms)
  }
})
