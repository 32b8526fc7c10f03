import { Elysia } from 'elysia'
import type { Catalog } from '../../metrics/catalog.ts'
import type { Scope } from '../../metrics/filter.ts'
import type { HasApiKey } from '../auth.ts'
import { requireScope } from '../caller.ts'
import type { Callers } from '../caller.ts'
import { describe } from '../openapi/describe.ts'
import { createDrawPng } from '../plots/png.ts'
import { filterParams, limitParam, numeric, only, readFormat } from '../query-schema.ts'

export interface PlotRoutesOptions {
  hasApiKey: HasApiKey
  callers: Callers
  catalog: Catalog
}

/** `/plots/top-ips.svg` and `.png`: the clients with most requests of a window, at most 50. */
export function plotRoutes({ hasApiKey, callers, catalog }: PlotRoutesOptions) {
  const drawPng = createDrawPng()
  const query = only({ ...filterParams, ...limitParam })
  const drawn = (type: string) => describe('The clients with most requests, as a chart', { media: [type] })

  async function topIps(given: typeof query.static, scope: Scope): Promise<string> {
    const { filters } = readFormat(given)
    const limit = Math.min(numeric(given.limit) ?? 20, 50)
    // The chart library takes 8 MB: it is there from the first picture on.
    const { drawTopIps } = await import('../plots/top-ips.ts')
    return drawTopIps(await catalog.run('TopClientIPs', { ...filters, limit }, scope))
  }

  return new Elysia({ prefix: '/plots' })
    .use(requireScope(hasApiKey, callers))
    .get(
      '/top-ips.svg',
      async ({ query, scope, inTurn }) => picture('image/svg+xml', await inTurn(() => topIps(query, scope))),
      { query, detail: drawn('image/svg+xml') },
    )
    .get(
      '/top-ips.png',
      async ({ query, scope, inTurn }) =>
        picture('image/png', await inTurn(async () => drawPng(await topIps(query, scope)))),
      { query, detail: drawn('image/png') },
    )
}

function picture(type: string, body: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { headers: { 'content-type': type } })
}
