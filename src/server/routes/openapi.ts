import { Elysia } from 'elysia'
import { describe } from '../openapi/describe.ts'
import { createDocument } from '../openapi/document.ts'
import type { DocumentedRoute, OpenApiDocument } from '../openapi/document.ts'
import { openApiAnswer } from '../openapi/own-schemas.ts'
import { pagePolicy, renderPage } from '../openapi/page.ts'

/** `/openapi.json` describes every route, from the routes themselves; `/openapi` is the same for people. */
export function openApiRoutes(routes: () => readonly DocumentedRoute[]) {
  let made: { document: OpenApiDocument; page: string } | null = null
  function make(): { document: OpenApiDocument; page: string } {
    if (made) return made
    const document = createDocument(routes())
    return (made = { document, page: renderPage(document) })
  }
  return new Elysia()
    .get('/openapi.json', () => make().document, {
      detail: describe('This document', { json: openApiAnswer, access: 'open' }),
    })
    .get(
      '/openapi',
      ({ set }) => {
        set.headers['content-type'] = 'text/html; charset=utf-8'
        set.headers['content-security-policy'] = pagePolicy
        return make().page
      },
      { detail: { hide: true } },
    )
}
