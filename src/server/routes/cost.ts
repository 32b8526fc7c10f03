import type { ReadCost } from '../../cost/read-cost.ts'
import type { Route } from '../router.ts'

/** `/cost`, what the month of the caller's own buckets costs. */
export function costRoutes(route: Route, readCost: ReadCost): void {
  route('GET /cost', ({ query, reader: { scope, turns_of }, request: { signal } }) =>
    readCost(query, { scope, turns_of, signal }),
  )
}
