import { Elysia } from 'elysia'
import type { Prometheus } from '../prometheus.ts'

/** `/metrics`: a scrape, open as it names nobody. */
export function prometheusRoutes(prometheus: Prometheus) {
  return new Elysia().get('/metrics', async ({ set }) => {
    set.headers['content-type'] = prometheus.contentType
    return prometheus.text()
  })
}
