import { Elysia } from 'elysia'
import { readSeenBuckets } from '../../metrics/seen-buckets.ts'
import type { Query } from '../../store/query.ts'
import { credentialsFromHeaders } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { checkCredentials } from '../credential-check.ts'

export interface CredentialRoutesOptions {
  callers: Callers
  query: Query
  now: () => number
}

/** `/validate-credentials`: a refusal by the object store is an answer and no error. */
export function credentialRoutes({ callers, query: sql, now }: CredentialRoutesOptions) {
  return new Elysia().post('/validate-credentials', ({ request, server }) => {
    server?.timeout(request, 120)
    const claim = callers.claim(credentialsFromHeaders(request.headers))
    return callers.turnOf(claim)((client, signal) =>
      checkCredentials({
        claim,
        client,
        async prove() {
          const { scope } = await callers.identifyRequest(request)
          const [source = null] = scope
          const seen = source === null ? [] : await readSeenBuckets(sql, scope)
          return { source, seen: seen.map(({ bucket }) => bucket) }
        },
        now_ms: now(),
        signal,
      }),
    )
  })
}
