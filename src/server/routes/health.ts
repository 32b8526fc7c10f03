import { Elysia } from 'elysia'
import type { Query } from '../../store/query.ts'
import type { HasApiKey } from '../auth.ts'
import { questdbAnswers } from '../health.ts'
import type { ReadHealth } from '../health.ts'

export interface HealthRoutesOptions {
  hasApiKey: HasApiKey
  readHealth: ReadHealth
  query: Query
}

/** `/health` (sources only with the key), `/health/live`, `/health/ready`. 503 tells a load balancer to look elsewhere. */
export function healthRoutes({ hasApiKey, readHealth, query }: HealthRoutesOptions) {
  return new Elysia({ prefix: '/health' })
    .get('', async ({ request, set }) => {
      const { status, reasons, sources, storage } = await readHealth()
      if (status === 'down') set.status = 503
      return hasApiKey(request) ? { status, reasons, storage, sources } : { status, reasons, storage }
    })
    .get('/live', () => ({ status: 'ok' }))
    .get('/ready', async ({ set }) => {
      const ready = await questdbAnswers(query)
      if (!ready) set.status = 503
      return { status: ready ? 'ok' : 'down' }
    })
}
