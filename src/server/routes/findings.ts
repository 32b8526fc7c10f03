import type { Findings } from '../../findings/read-findings.ts'
import { needWrite } from '../caller.ts'
import type { Route } from '../router.ts'

/** `/findings`: what was found of the caller's own rows, each with evidence and remedy, and what people say of it. */
export function findingRoutes(route: Route, findings: Findings): void {
  route('GET /findings', ({ query, reader: { inTurn, scope } }) => inTurn(() => findings.list(query, scope)))
  route('GET /findings/:id', ({ params, reader: { scope, turns_of }, request: { signal } }) =>
    findings.read(params.id, { scope, turns_of, signal }),
  )
  route('POST /findings/:id/mark', ({ params, body, reader, request: { signal } }) => {
    const { scope, turns_of, caller } = reader
    if (caller) needWrite(caller)
    return findings.mark(params.id, body, { scope, turns_of, signal })
  })
}
