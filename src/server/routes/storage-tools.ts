import type { StorageReads } from '../../agent/storage-reads.ts'
import type { ReadObjectAudit } from '../../records/object-audit.ts'
import { needLogs } from '../caller.ts'
import type { Caller } from '../caller.ts'
import type { Route } from '../router.ts'

export interface StorageToolRoutesOptions {
  storageReads: (caller: Caller) => StorageReads
  readObjectAudit: ReadObjectAudit
}

/** `/tools/...`: what is said to the object store with the caller's own credentials, and the history of one object. */
export function storageToolRoutes(route: Route, options: StorageToolRoutesOptions): void {
  const { storageReads: readsOf, readObjectAudit } = options
  route('GET /tools/buckets', ({ caller }) => readsOf(caller).buckets())
  route('GET /tools/list-all', ({ caller, query }) => readsOf(caller).listObjects({ limit: 1000, ...query }))
  route('GET /tools/recent-objects', ({ caller, query }) =>
    readsOf(caller).topObjects({ limit: 100, ...query, by: 'modified' }),
  )
  route('GET /tools/top-largest', ({ caller, query }) =>
    readsOf(caller).topObjects({ limit: 100, ...query, by: 'bytes' }),
  )
  route('GET /tools/storage-summary', ({ caller, query }) => readsOf(caller).summary(query))
  route('GET /tools/hot-cold', ({ caller, query }) => readsOf(caller).hotCold(query))
  route('GET /tools/list-access-logs', ({ caller, query }) =>
    readsOf(caller).logObjects({ limit: 100, ...query }),
  )
  route('GET /tools/read-log', ({ caller, query }) => readsOf(caller).readLog({ limit: 100, ...query }))
  route('GET /tools/object-audit', ({ caller, query }) =>
    caller.turn(async () => {
      needLogs(caller)
      return readObjectAudit(query, caller.scope)
    }),
  )
}
