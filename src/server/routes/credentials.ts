import { readSeenBuckets } from '../../records/seen-buckets.ts'
import type { Query } from '../../store/query.ts'
import type { Callers } from '../caller.ts'
import { checkCredentials } from '../credential-check.ts'
import type { Route } from '../router.ts'

export interface CredentialRoutesOptions {
  callers: Callers
  query: Query
  now: () => number
}

/** `/validate-credentials`: a refusal by the object store is an answer and no error. */
export function credentialRoutes(route: Route, { callers, query: sql, now }: CredentialRoutesOptions): void {
  route('POST /validate-credentials', ({ principal }) => {
    const claim = callers.claim(principal.given())
    return callers.turnOf(claim)((client, signal) =>
      checkCredentials({
        claim,
        client,
        async prove() {
          const { scope, lease } = await principal.caller()
          const [source = null] = scope
          const seen = source === null ? [] : await readSeenBuckets(sql, scope)
          return { source, lease, seen: seen.map(({ bucket }) => bucket) }
        },
        now_ms: now(),
        signal,
      }),
    )
  })
}
