import { Elysia } from 'elysia'
import { readSeenBuckets } from '../../metrics/seen-buckets.ts'
import type { Query } from '../../store/query.ts'
import type { Callers } from '../caller.ts'
import { only } from '../query-schema.ts'
import { checkCredentials } from '../credential-check.ts'
import { describe } from '../openapi/describe.ts'
import { credentialCheck } from '../openapi/schemas.ts'

export interface CredentialRoutesOptions {
  callers: Callers
  query: Query
  now: () => number
}

/** `/validate-credentials`: a refusal by the object store is an answer and no error. */
export function credentialRoutes({ callers, query: sql, now }: CredentialRoutesOptions) {
  return new Elysia().post(
    '/validate-credentials',
    ({ request, server }) => {
      server?.timeout(request, 120)
      const claim = callers.claim(callers.givenBy(request))
      return callers.turnOf(claim)((client, signal) =>
        checkCredentials({
          claim,
          client,
          async prove() {
            const { scope, lease } = await callers.identifyRequest(request)
            const [source = null] = scope
            const seen = source === null ? [] : await readSeenBuckets(sql, scope)
            return { source, lease, seen: seen.map(({ bucket }) => bucket) }
          },
          now_ms: now(),
          signal,
        }),
      )
    },
    {
      query: only({}),
      detail: describe('Whether Spaces credentials are right, what they reach, and where logging is off', {
        json: credentialCheck,
        access: 'caller',
      }),
    },
  )
}
