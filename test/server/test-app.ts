import { createLog } from '../../src/log.ts'
import type { ActorStatus, SourceStatus } from '../../src/pipeline/answers.ts'
import { Secret } from '../../src/secret.ts'
import { createApiKeyCheck } from '../../src/server/api-key.ts'
import { createCallers } from '../../src/server/caller.ts'
import { createClientAddress } from '../../src/server/client-address.ts'
import { createPrincipals } from '../../src/server/principal.ts'
import { createSessions } from '../../src/server/sessions.ts'
import { createStorageReads } from '../../src/server/storage-reads.ts'
import { createEndpointPolicy } from '../../src/spaces/endpoint-policy.ts'
import { createProofs } from '../../src/spaces/proof.ts'
import type { WalStatus } from '../../src/store/wal-watch.ts'
import { createApp } from '../support/app.ts'
import type { AppOptions } from '../support/app.ts'

export const apiKey = 'the-right-api-key'
export const now_ms = Math.floor(Date.now() / 1000) * 1000

export const idleActor: ActorStatus = {
  name: 'reader',
  state: 'idle',
  queued: 0,
  reason: null,
  since_ms: now_ms,
}

export const healthySource: SourceStatus = {
  source: 'source-a',
  endpoint: 'https://sgp1.digitaloceanspaces.com',
  bucket: 'secret-log-bucket',
  prefix: 'access/',
  started_ms: now_ms - 3 * 86_400_000,
  actors: [idleActor],
  backlog: 3,
  listed: true,
  objects_done: 7,
  objects_refused: 0,
  lines: 1000,
  rows: 990,
  refused: 5,
  blank: 5,
  expired: 0,
  bytes: 500_000,
  newest_event_ms: now_ms - 120_000,
  newest_delivery_ms: now_ms - 60_000,
}

/** Callers of Spaces, whose sources nobody reads. */
function testCallers() {
  const policy = createEndpointPolicy({ vouched: [] })
  return createCallers({ policy, proofs: createProofs({ policy }), leases: { renew: () => null } })
}

export const writable: WalStatus = { suspended: [], lag_transactions: 4, disk_free: 0.5, away: null }

/** A server where nothing is wrong and nothing is stored, save for what `changes` say. */
export function createTestServer(changes: Partial<AppOptions> = {}) {
  return createApp({
    query: async () => ({ columns: [], rows: [] }),
    gatePool: { read: async () => ({ columns: [], rows: [] }) },
    append: async () => {},
    callers: testCallers(),
    apiKey: new Secret(apiKey),
    sources: () => [healthySource],
    walStatus: () => writable,
    slowOperation_ms: 5000,
    log: createLog('silent'),
    now: () => now_ms,
    ...changes,
  })
}

/** Asks such a server. */
export function testApp(changes: Partial<AppOptions> = {}) {
  const app = createTestServer(changes)
  return async (path: string, headers: Record<string, string> = { 'x-api-key': apiKey }) => {
    const response = await app.handle(new Request(`http://localhost${path}`, { headers }))
    const text = await response.text()
    const body = text.startsWith('{') ? JSON.parse(text) : null
    return { status: response.status, headers: response.headers, text, body }
  }
}

/** Says who asks of such a server. */
export function createTestPrincipals() {
  return createPrincipals({
    isApiKey: createApiKeyCheck(new Secret(apiKey)),
    callers: testCallers(),
    sessions: createSessions(),
    clientAddress: createClientAddress(0),
    storageReads: createStorageReads({ query: async () => ({ columns: [], rows: [] }), now: () => now_ms }),
    operatorScope: async () => null,
  })
}
