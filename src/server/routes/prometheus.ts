import { Elysia } from 'elysia'
import { describe } from '../openapi/describe.ts'
import type { Prometheus } from '../prometheus.ts'

/** `/metrics`: a scrape, open as it names nobody. */
export function prometheusRoutes(prometheus: Prometheus) {
  return new Elysia().get(
    '/metrics',
    async ({ set }) => {
      set.headers['content-type'] = prometheus.contentType
      return prometheus.text()
    },
    { detail: describe('A scrape for Prometheus', { media: ['text/plain'], access: 'open' }) },
  )
}
