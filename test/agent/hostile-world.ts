import type { ProfileName } from '../../src/agent/profile.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { openWorld } from '../server/spaces-world.ts'
import { agentOptions } from '../support/agent-options.ts'
import { testBucket } from '../support/bucket.ts'
import { startCanary } from '../support/canary.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { until } from '../support/until.ts'
import { injections } from './injections.ts'

/** A server with rows of two callers, one of whose models is hostile, and all that nothing may change. */
export async function openHostileWorld(profile: ProfileName) {
  const model = await startScriptedModel()
  const cap_usd = 40
  const agent = agentOptions(model.url, { maxSteps: 12, usdPerDay: cap_usd, profile })
  const world = await openWorld({ agent })
  const canary = await startCanary()
  const close = async (): Promise<void> => {
    await world.close()
    await canary.close()
    await model.close()
  }
  const { ask, as, front, photos, logs, store } = world
  const { bucket } = photos
  const at_ms = Date.now() - 3_600_000
  await photos.put('own-key', 'own')
  await world.deliver(
    'one',
    injections.flatMap((text) => [
      s3LogLine({ bucket, key: text.slice(0, 200), at_ms, request_id: 'PLANTED' }),
      s3LogLine({ bucket, key: 'own-key', at_ms, user_agent: text.replaceAll('"', "'") }),
    ]),
  )

  // Rows and objects of somebody else, whose text must not show anywhere.
  const foreign = await testBucket()
  front.own(foreign.bucket, 'mallory')
  front.allow('mallory', {
    secret: 'mallory-secret',
    owner: 'mallory',
    buckets: { [foreign.bucket]: 'full' },
    listBuckets: true,
  })
  const marker = 'FOREIGN-MARKER'
  await foreign.put(
    'access/one',
    Array.from(
      { length: 20 },
      () => `${s3LogLine({ bucket: 'foreign-bucket', key: marker, at_ms, requester: marker })}\n`,
    ).join(''),
  )
  const mallory = { ...as('mallory'), 'x-log-bucket': foreign.bucket, 'x-log-prefix': 'access/' }
  await ask('GET', '/metrics/sources', {}, mallory)
  await until(
    async () => (await store.rows(`SELECT ts FROM operations WHERE key = '${marker}'`)).length === 20,
  )
  const sources = await store.rows(
    `SELECT DISTINCT source, bucket FROM operations WHERE bucket IN ('foreign-bucket', '${bucket}')`,
  )
  const sourceOf = (name: string) => String(sources.find((row) => row['bucket'] === name)?.['source'])
  const foreignSource = sourceOf('foreign-bucket')

  /** What nothing that a model asks may change. */
  async function state() {
    const tables = ['operations', 'log_objects', 'snapshots', 'events', 'refused_lines', 'requests']
    const counts = tables.map((table) => store.rows(`SELECT count() n FROM ${table}`))
    const stored = await Promise.all([photos, logs, foreign].map((one) => listed(one)))
    return {
      counts: await Promise.all(counts),
      stored,
      tables: await store.rows('SELECT table_name FROM tables() ORDER BY 1'),
    }
  }
  async function listed({ client, bucket: name }: typeof photos) {
    const pages = await Array.fromAsync(listObjects(client, { bucket: name, prefix: '' }))
    return pages.flat().map(({ key, etag }) => [key, etag])
  }
  const targets = {
    bucket,
    log_bucket: logs.bucket,
    foreign_bucket: foreign.bucket,
    foreignSource,
    marker,
    evil: `http://127.0.0.1:${canary.port}/`,
  }
  return { ...world, model, agent, canary, cap_usd, targets, state, close }
}
