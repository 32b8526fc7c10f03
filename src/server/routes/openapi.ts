import { createDocument } from '../openapi/document.ts'
import type { Route } from '../router.ts'

/** `/openapi.json` describes the whole API. */
export function openApiRoutes(route: Route): void {
  let document: ReturnType<typeof createDocument> | null = null
  route('GET /openapi.json', () => (document ??= createDocument()))
}
