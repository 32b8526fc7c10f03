import { join } from 'node:path'
import type { Operation } from '../../src/logs/record.ts'
import { startQuestDB } from '../../src/servers/questdb.ts'
import { questdbAddress } from '../../src/store/address.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openQueryPool } from '../../src/store/query.ts'
import type { Query } from '../../src/store/query.ts'
import { createWriteRows } from '../../src/store/write.ts'
import { refreshRollups } from '../support/rollups.ts'
import { serverOptions } from '../support/servers.ts'

export type StoredOperation = Operation & { source: string }

/** A migrated QuestDB of a test file's own, as metrics over all sources see every row. */
export interface OperationsStore {
  query: Query
  address: QuestDBAddress
  /** Resolves once the rows are visible. */
  insert(operations: readonly StoredOperation[]): Promise<void>
  /** Resolves once the rollups hold every visible row. */
  refreshRollups(): Promise<void>
  stop(): Promise<void>
}

export async function startOperationsStore(): Promise<OperationsStore> {
  const server = await startQuestDB({ ...serverOptions(), heap_mb: 512 })
  const address = questdbAddress(server.httpUrl.reveal(), server.pgUrl.reveal())
  await migrate(address, { dir: join(import.meta.dir, '../../migrations'), retentionDays: 90 })
  const pool = openQueryPool(address.pgUrl, { connections: 8, timeout_ms: 20_000 })
  const rowBuffer = createRowBuffer()
  const write = createWriteRows(address)
  return {
    query: pool.query,
    address,
    async insert(operations) {
      for (const source of new Set(operations.map((operation) => operation.source))) {
        const mine = operations.filter((operation) => operation.source === source)
        const rejected = await write(rowBuffer.append(mine, originOf(source, `logs/${source}`)).bytes)
        if (rejected.length > 0) throw new Error(`QuestDB rejects ${JSON.stringify(rejected[0])}`)
      }
      await execute(address, "SELECT wait_wal_table('operations')")
    },
    refreshRollups: () => refreshRollups(address),
    async stop() {
      await pool.close()
      await server.stop()
    },
  }
}

let nextHash = 1n

/** An operation with a line hash of its own; what `fields` leaves out is a plain GET. */
export function operation(fields: Partial<StoredOperation> & { ts: number }): StoredOperation {
  return {
    source: 'source-a',
    format: 's3',
    bucket: 'photos',
    operation: 'REST.GET.OBJECT',
    class: 'read',
    is_request: true,
    method: 'GET',
    status: 200,
    error_code: null,
    key: 'a/1.jpg',
    key_prefix: 'a',
    bytes_sent: 100,
    bytes_received: 0,
    object_size: 100,
    total_ms: 10,
    turnaround_ms: 5,
    remote_ip: '203.0.113.1',
    requester: null,
    request_id: 'R1',
    request_uri: 'GET /a/1.jpg HTTP/1.1',
    referer: null,
    user_agent: 'curl/8',
    version_id: null,
    host: null,
    signature_version: null,
    auth_type: null,
    tls_version: null,
    cipher: null,
    cache_result: null,
    edge_location: null,
    line_hash: nextHash++,
    ...fields,
  }
}
