import type { Probe, ReadHealth } from '../health.ts'
import type { Route } from '../router.ts'

/** `/health` (sources only with the key), `/health/live`, `/health/ready`. 503 tells a load balancer to look elsewhere. */
export function healthRoutes(
  route: Route,
  { readHealth, probe }: { readHealth: ReadHealth; probe: Probe },
): void {
  route('GET /health', async ({ principal, set }) => {
    const { sources, ...health } = await readHealth()
    if (health.status === 'down') set.status = 503
    return principal.kind === 'operator' ? { ...health, sources } : health
  })
  route('GET /health/live', () => ({ status: 'ok' }))
  route('GET /health/ready', async ({ set }) => {
    const ready = await probe()
    if (!ready) set.status = 503
    return { status: ready ? 'ok' : 'down' }
  })
}
