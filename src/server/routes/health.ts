import { Elysia } from 'elysia'
import type { HasApiKey } from '../auth.ts'
import type { Probe, ReadHealth } from '../health.ts'
import { describe } from '../openapi/describe.ts'
import { healthAnswer, liveAnswer } from '../openapi/own-schemas.ts'

export interface HealthRoutesOptions {
  hasApiKey: HasApiKey
  readHealth: ReadHealth
  probe: Probe
}

/** `/health` (sources only with the key), `/health/live`, `/health/ready`. 503 tells a load balancer to look elsewhere. */
export function healthRoutes({ hasApiKey, readHealth, probe }: HealthRoutesOptions) {
  return new Elysia({ prefix: '/health' })
    .get(
      '',
      async ({ request, set }) => {
        const { status, reasons, sources, storage } = await readHealth()
        if (status === 'down') set.status = 503
        return hasApiKey(request) ? { status, reasons, storage, sources } : { status, reasons, storage }
      },
      {
        detail: describe(
          'How SpaceWatch does, and what the buckets did lately; the sources with the API key',
          { json: healthAnswer, access: 'open', also: 503 },
        ),
      },
    )
    .get('/live', () => ({ status: 'ok' }), {
      detail: describe('Answers as long as the process lives', { json: liveAnswer, access: 'open' }),
    })
    .get(
      '/ready',
      async ({ set }) => {
        const ready = await probe()
        if (!ready) set.status = 503
        return { status: ready ? 'ok' : 'down' }
      },
      { detail: describe('Whether QuestDB answers', { json: liveAnswer, access: 'open', also: 503 }) },
    )
}
