import { Elysia, t } from 'elysia'
import type { Context } from 'elysia'
import { endpoints } from '../../api/endpoints.ts'
import { InvalidError } from '../../errors.ts'
import { pages } from '../../web/pages.ts'
import { createDocument } from '../openapi/document.ts'
import { pagePolicy, renderPage } from '../openapi/page.ts'
import { readsHtml } from '../missing-page.ts'
import { buildWeb } from '../web-bundle.ts'
import type { WebBundle } from '../web-bundle.ts'

// ECharts and CodeMirror write styles into the page; nothing else comes from anywhere but here.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** The pages and, under `/assets/`, what they are made of: bundled when the first of them is asked for. */
export function pageRoutes() {
  let bundle: Promise<WebBundle> | null = null
  let document: string | null = null
  const built = (): Promise<WebBundle> => {
    // What failed once, for want of memory say, may work the next time.
    bundle ??= buildWeb().catch((error: unknown) => {
      bundle = null
      throw error
    })
    return bundle
  }
  const theme = { cookie: t.Cookie({ spacewatch_theme: t.Optional(t.String()) }), detail: { hide: true } }

  const app = new Elysia()
    .get(
      '/assets/:file',
      async ({ params, headers, set }) => {
        const asset = (await built()).assets.get(params.file)
        if (!asset) throw new InvalidError(`Cannot find the file '${params.file}'`, undefined, 'not_found')
        const gzip = /\bgzip\b/.test(headers['accept-encoding'] ?? '')
        set.headers['content-type'] = asset.type
        set.headers['cache-control'] = 'public, max-age=31536000, immutable'
        set.headers['vary'] = 'accept-encoding'
        if (gzip) set.headers['content-encoding'] = 'gzip'
        return gzip ? asset.gzip : asset.bytes
      },
      { detail: { hide: true } },
    )
    .get(
      '/openapi',
      ({ set }) => {
        set.headers['content-type'] = 'text/html; charset=utf-8'
        set.headers['content-security-policy'] = pagePolicy
        return (document ??= renderPage(createDocument()))
      },
      { detail: { hide: true } },
    )
    .get(
      '/favicon.ico',
      ({ set }) => {
        set.headers['content-type'] = 'image/svg+xml'
        return icon
      },
      { detail: { hide: true } },
    )
  async function answer(name: string, theme: string | undefined, set: Context['set']): Promise<string> {
    set.headers['content-security-policy'] = contentSecurityPolicy
    set.headers['content-type'] = 'text/html; charset=utf-8'
    return page(await built(), name, theme)
  }
  for (const { path, name } of pages.filter(({ path }) => !isEndpoint(path)))
    app.get(path, ({ cookie, set }) => answer(name, cookie.spacewatch_theme.value, set), theme)
  // Of an address that is a page and an endpoint, browsers get the page.
  return app.onRequest(({ request, set }) => {
    const shared = pages.find(({ path }) => isEndpoint(path) && path === new URL(request.url).pathname)
    if (!shared) return
    set.headers['vary'] = 'accept'
    if (!readsHtml(request)) return
    const [, chosen] = /(?:^|; *)spacewatch_theme=(\w+)/.exec(request.headers.get('cookie') ?? '') ?? []
    return answer(shared.name, chosen, set)
  })
}

function isEndpoint(path: string): boolean {
  return `GET ${path}` in endpoints
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1d5fe0"/><path d="M5 20h5l3-9 5 14 3.5-8H27" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>'

function page({ script, style }: WebBundle, title: string, theme: string | undefined): string {
  const chosen = theme === 'dark' || theme === 'light' ? ` data-theme="${theme}"` : ''
  return `<!doctype html>
<html lang="en"${chosen}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · SpaceWatch</title>
<link rel="icon" type="image/svg+xml" href="/favicon.ico">
<link rel="stylesheet" href="/assets/${style}">
<script type="module" src="/assets/${script}"></script>
</head>
<body>
<div id="app"></div>
<noscript>SpaceWatch shows its pages with JavaScript; the API at /metrics/catalog answers without.</noscript>
</body>
</html>
`
}
