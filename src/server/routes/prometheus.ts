import type { Prometheus } from '../prometheus.ts'
import type { Route } from '../router.ts'

/** `/metrics`: a scrape, whose totals are open as they name nobody; of each source only with the API key. */
export function prometheusRoutes(route: Route, prometheus: Prometheus): void {
  route('GET /metrics', ({ principal, set }) => {
    set.headers['content-type'] = prometheus.contentType
    return prometheus.text({ sources: principal.kind === 'operator' })
  })
}
