import { createLog } from '../../src/log.ts'
import { createLeases } from '../../src/pipeline/leases.ts'
import { createSources } from '../../src/pipeline/sources.ts'
import { Secret } from '../../src/secret.ts'
import { createCallers } from '../../src/server/caller.ts'
import { createSessions } from '../../src/server/sessions.ts'
import { createEndpointPolicy } from '../../src/spaces/endpoint-policy.ts'
import { createProofs } from '../../src/spaces/proof.ts'
import { createApp } from '../support/app.ts'
import type { AppOptions } from '../support/app.ts'
import { testBucket } from '../support/bucket.ts'
import { startS3Identities } from '../support/s3-identities.ts'
import { testS3 } from '../support/servers.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'
import { apiKey, writable } from './test-app.ts'

type Names = Record<string, string>

/** `clock`: that of proofs and sessions; default: `now`. */
type WorldOptions = Partial<AppOptions> & { clock?: () => number }

/**
 * The whole application without `main`: a real S3 server that knows many keys, a real QuestDB, pipelines that read what
 * callers name. `alice` owns the buckets `photos`, `logs` and `metrics` and may do all; `limited` may read two of them
 * and list no buckets; `stranger` is right, but of another account.
 */
export async function openWorld({
  now = Date.now,
  clock = Date.now,
  log = createLog('silent'),
  ...more
}: WorldOptions = {}) {
  const front = await startS3Identities(await testS3())
  const store = await openTestStore()
  const [photos, logs, metrics] = await Promise.all([testBucket(), testBucket(), testBucket()])
  for (const { bucket } of [photos, logs, metrics]) front.own(bucket, 'alice')
  const all = { [photos.bucket]: 'full', [logs.bucket]: 'full', [metrics.bucket]: 'full' } as const
  front.allow('alice', { secret: 'alice-secret', owner: 'alice', buckets: all, listBuckets: true })
  front.allow('limited', {
    secret: 'limited-secret',
    owner: 'alice',
    buckets: { [photos.bucket]: 'read', [logs.bucket]: 'read' },
  })
  front.allow('stranger', { secret: 'stranger-secret', owner: 'mallory', buckets: {}, listBuckets: true })

  const sources = createSources({
    ...store,
    poll_ms: 50,
    reconcile_ms: 3_600_000,
    lookback_ms: 172_800_000,
    retention_ms: 0,
    now,
    log,
  })
  const leases = createLeases({ sources, lease_ms: 3_600_000, log })
  const policy = createEndpointPolicy({ vouched: [front.endpoint] })
  const app = createApp({
    query: store.query,
    gatePool: store,
    append: store.appender.append,
    apiKey: new Secret(apiKey),
    callers: createCallers({
      policy,
      proofs: createProofs({ policy, now: clock }),
      leases,
    }),
    sessions: createSessions({ now: clock }),
    sources: sources.statuses,
    progress: leases.progress,
    leases: leases.statuses,
    walStatus: () => writable,
    slowOperation_ms: 5000,
    log,
    now,
    ...more,
  })

  /** The headers of a key. */
  function as(key: string, more: Names = {}): Names {
    const own = { 'x-spaces-key': key, 'x-spaces-secret': `${key}-secret`, 'x-endpoint': front.endpoint }
    return { ...own, 'x-log-bucket': logs.bucket, 'x-log-prefix': 'access/', ...more }
  }

  async function ask(method: string, path: string, query: Names, headers: Names, json?: unknown) {
    const search = new URLSearchParams(query).toString()
    const url = `http://localhost${path}${search ? `?${search}` : ''}`
    const sent =
      json === undefined
        ? { method, headers }
        : { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) }
    const response = await app.handle(new Request(url, sent))
    const bytes = new Uint8Array(await response.arrayBuffer())
    const text = new TextDecoder().decode(bytes)
    const body = text.startsWith('{') ? JSON.parse(text) : null
    return { status: response.status, headers: response.headers, bytes, text, body }
  }

  return {
    front,
    store,
    sources,
    photos,
    logs,
    metrics,
    app,
    as,
    ask,
    get: (path: string, query: Names = {}, headers: Names = as('alice')) => ask('GET', path, query, headers),
    post: (path: string, query: Names = {}, headers: Names = as('alice')) =>
      ask('POST', path, query, headers),
    /** Puts lines as one log object and resolves once its rows can be seen. */
    async deliver(name: string, lines: readonly string[]): Promise<void> {
      await logs.put(`access/${name}`, lines.map((line) => `${line}\n`).join(''))
      const known = `SELECT count() n FROM log_objects WHERE key = 'access/${name}' AND source IN (SELECT source FROM operations WHERE bucket = '${photos.bucket}')`
      await until(
        async () => {
          // Any request with the log bucket leases it, once there is something in it.
          await ask('GET', '/metrics/catalog', {}, as('alice'))
          return Number((await store.rows(known))[0]?.['n']) > 0
        },
        { what: `${name} is in the ledger` },
      )
      await store.visible()
    },
    async close(): Promise<void> {
      await leases.stop()
      await sources.stop(5_000)
      await front.close()
      await store.close()
    },
  }
}

/** Rows by column name. */
export function records(table: {
  columns: { name: string }[]
  rows: unknown[][]
}): Record<string, unknown>[] {
  return table.rows.map((row) => Object.fromEntries(row.map((value, at) => [table.columns[at]?.name, value])))
}
