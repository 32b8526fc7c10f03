import { expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { pages } from '../../src/web/pages.ts'
import { createTestServer, testApp } from './test-app.ts'

const get = testApp()
const paths = pages.map(({ path }) => path)
const assetsOf = (html: string): string[] =>
  [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)

test.each(paths)('%s is a page for everyone, and lets scripts come from here alone', async (path) => {
  const { status, headers, text } = await get(path, { accept: 'text/html' })
  expect(status).toBe(200)
  expect(headers.get('content-type')).toStartWith('text/html')
  const policy = Object.fromEntries(
    (headers.get('content-security-policy') ?? '').split('; ').map((rule) => rule.split(/ (.*)/, 2)),
  )
  expect(policy).toMatchObject({
    'default-src': "'none'",
    'script-src': "'self'",
    'connect-src': "'self'",
    'frame-ancestors': "'none'",
  })
  expect(headers.get('cache-control')).toBe('no-store')
  expect(text).not.toMatch(/<script[^>]*>[^<]/)
  expect(text).not.toMatch(/(href|src)="(https?:)?\/\//)
})

test('files of the pages are kept for ever by browsers, and are gzip for those that take it', async () => {
  const [style = '', script = ''] = assetsOf((await get('/', {})).text)
  expect([style.endsWith('.css'), script.endsWith('.js')]).toEqual([true, true])
  const plain = await get(script, {})
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(plain.headers.get('content-type')).toStartWith('text/javascript')
  expect(plain.headers.get('content-encoding')).toBeNull()
  const headers = { 'accept-encoding': 'br, gzip' }
  const packed = await createTestServer().handle(new Request(`http://localhost${script}`, { headers }))
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect(packed.headers.get('vary')).toContain('accept-encoding')
  expect(gunzipSync(await packed.arrayBuffer()).toString()).toBe(plain.text)
})

test('a page begins with the theme that was chosen, and with no other word from the cookie', async () => {
  expect((await get('/', { cookie: 'spacewatch_theme=dark' })).text).toContain(
    '<html lang="en" data-theme="dark">',
  )
  expect((await get('/', { cookie: 'spacewatch_theme="><script>' })).text).toContain('<html lang="en">')
})

test('a file that there is not is 404', async () => {
  expect((await get('/assets/none-12345678.js', {})).status).toBe(404)
})

test('a browser at an address that there is not is shown which pages there are; a client gets JSON', async () => {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
  const shown = await get('/nonsense<b>', { accept })
  expect([shown.status, shown.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  for (const { path, name } of pages) expect(shown.text).toContain(`<a href="${path}">${name}</a>`)
  expect(shown.text).not.toContain('nonsense')
  for (const other of ['*/*', 'application/json']) {
    const { status, headers, text } = await get('/nonsense', { accept: other })
    expect([status, headers.get('content-type')]).toEqual([404, 'application/json'])
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_found' } })
  }
})

test('an address that is a page and an endpoint is the page for browsers and JSON for others', async () => {
  const page = await get('/findings', {
    accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
    cookie: 'spacewatch_theme=dark',
  })
  expect(page.text).toContain('<title>Findings · SpaceWatch</title>')
  expect(page.text).toContain('<html lang="en" data-theme="dark">')
  const { status, text } = await get('/findings', { accept: '*/*' })
  expect(status).toBe(401)
  expect(JSON.parse(text).error.code).toBe('unauthorized')
})
