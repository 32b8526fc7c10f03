import { expect, setDefaultTimeout, test } from 'bun:test'
import { InvalidError } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { createSources, sourceId } from '../../src/pipeline/sources.ts'
import { testBucket } from '../support/bucket.ts'
import { logLines } from '../support/log-lines.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

test('a source runs once, however often it is started, and can be started after a failure', async () => {
  const store = await openTestStore()
  const { source, put } = await testBucket()
  const config = source()
  await put('a', logLines('a', 3))
  let broken = true
  const sources = createSources({
    ...store,
    poll_ms: 20,
    reconcile_ms: 3_600_000,
    lookback_ms: 172_800_000,
    retention_ms: 0,
    log: createLog('silent'),
    query: async (sql) => {
      if (broken) throw new InvalidError('Cannot run the query: a table is missing')
      return store.query(sql)
    },
  })
  await expect(sources.start(config)).rejects.toBeInstanceOf(InvalidError)
  expect(sources.statuses()).toEqual([])
  broken = false
  const ids = await Promise.all([sources.start(config), sources.start(config)])
  expect(ids).toEqual([sourceId(config), sourceId(config)])
  expect(sources.statuses().length).toBe(1)
  await until(() => sources.statuses()[0]?.objects_done === 1)
  await sources.stop(10_000)
  expect(sources.statuses()[0]?.actors.every(({ state }) => state === 'stopped')).toBe(true)
  await store.close()
})

test('the name of a source depends on endpoint, bucket and prefix alone', () => {
  const base = { endpoint: 'https://a', bucket: 'b', prefix: 'c' }
  expect(sourceId(base)).toMatch(/^[0-9a-f]{12}$/)
  expect(sourceId({ ...base })).toBe(sourceId(base))
  const others = [{ endpoint: 'https://ab', bucket: '' }, { bucket: 'bc', prefix: '' }, { prefix: '' }]
  expect(new Set([base, ...others.map((change) => ({ ...base, ...change }))].map(sourceId)).size).toBe(4)
})
