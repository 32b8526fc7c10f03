import { Elysia } from 'elysia'
import type { HasApiKey } from '../auth.ts'
import { describe } from '../openapi/describe.ts'
import type { Prometheus } from '../prometheus.ts'

/** `/metrics`: a scrape, whose totals are open as they name nobody; of each source only with the API key. */
export function prometheusRoutes(prometheus: Prometheus, hasApiKey: HasApiKey) {
  return new Elysia().get(
    '/metrics',
    async ({ request, set }) => {
      set.headers['content-type'] = prometheus.contentType
      return prometheus.text({ sources: hasApiKey(request) })
    },
    {
      detail: describe('A scrape for Prometheus; of each log source with the API key', {
        media: ['text/plain'],
        access: 'open',
      }),
    },
  )
}
