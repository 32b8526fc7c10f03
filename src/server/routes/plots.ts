import type { Catalog } from '../../metrics/catalog.ts'
import type { MetricParams } from '../../metrics/run-metrics.ts'
import { createDrawPng } from '../plots/png.ts'
import type { Reader } from '../principal.ts'
import type { Route } from '../router.ts'

/** `/plots/top-ips.svg` and `.png`: the clients with most requests of a window, at most 50. */
export function plotRoutes(route: Route, catalog: Catalog): void {
  const drawPng = createDrawPng()

  const topIps = ({ inTurn, scope }: Reader, { limit = 20, ...filters }: MetricParams): Promise<string> =>
    inTurn(async () => {
      // The chart library takes 8 MB: it is there from the first picture on.
      const { drawTopIps } = await import('../plots/top-ips.ts')
      return drawTopIps(await catalog.run('TopClientIPs', { ...filters, limit: Math.min(limit, 50) }, scope))
    })

  route('GET /plots/top-ips.svg', async ({ query, reader }) =>
    picture('image/svg+xml', await topIps(reader, query)),
  )
  route('GET /plots/top-ips.png', async ({ query, reader }) =>
    picture('image/png', await drawPng(await topIps(reader, query))),
  )
}

function picture(type: string, body: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { headers: { 'content-type': type } })
}
