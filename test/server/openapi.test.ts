import { expect, test } from 'bun:test'
import type { Operation } from '../../src/server/openapi/document.ts'
import { createTestServer, testApp } from './test-app.ts'

const app = createTestServer()
const get = testApp()
const { body: document } = await get('/openapi.json', {})
const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
)
const shown = app.routes.filter(({ hooks }) => !hooks.detail?.hide)

test('every route is in the document, or says that it is a page', () => {
  const isPage = ({ summary }: Operation) => summary?.startsWith('The page') === true
  const documented = operations
    .filter(({ operation }) => !isPage(operation))
    .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  const routes = shown.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  expect(documented.toSorted()).toEqual(routes.toSorted())
  expect(documented.length).toBeGreaterThan(30)
  const pages = app.routes.filter(({ hooks }) => hooks.detail?.hide).map(({ path }) => path)
  expect(
    pages.filter((path) => /^\/(tools|metrics|logs|plots|admin\/|stats|session|health)/.test(path)),
  ).toEqual([])
})

test.each(operations)('$method $path says what it does, who may ask and what it answers', ({ operation }) => {
  expect(operation.summary?.length).toBeGreaterThan(5)
  expect(operation.security).toBeArray()
  const { 200: answer } = operation.responses as Record<
    number,
    { content: Record<string, { schema: object }> }
  >
  const schemas = Object.values(answer?.content ?? {}).map(({ schema }) => Object.keys(schema).length)
  expect(schemas.length).toBeGreaterThan(0)
  expect(schemas).not.toContain(0)
})

test('what is declared about access is what is asked for', async () => {
  for (const { method, path, operation } of operations) {
    const address = path.replace(/\{\w+\}/g, 'x')
    const { status } = await app.handle(
      new Request(`http://localhost${address}`, {
        method: method.toUpperCase(),
        ...(method === 'get' ? {} : { headers: { 'content-type': 'application/json' }, body: '{}' }),
      }),
    )
    const asked = status === 401 ? 'asked' : 'open'
    // A session is begun with what would be asked for, and what a body lacks is named first.
    if (operation['requestBody'] !== undefined) expect([400, 401]).toContain(status)
    else expect([path, asked]).toEqual([path, operation.security?.length ? 'asked' : 'open'])
  }
})

test('every name of an operation is its own, and every reference leads somewhere', () => {
  const names = operations.map(({ operation }) => operation.operationId)
  expect(new Set(names).size).toBe(names.length)
  const references = JSON.stringify(document).match(/#\/components\/\w+\/[\w-]+/g) ?? []
  expect(references.length).toBeGreaterThan(100)
  for (const reference of new Set(references)) {
    const [, , kind = '', name = ''] = reference.split('/')
    expect(document.components[kind]?.[name]).toBeDefined()
  }
  for (const { operation } of operations)
    for (const way of operation.security ?? [])
      for (const name of Object.keys(way)) expect(document.components.securitySchemes[name]).toBeDefined()
})

test('the page for people shows every operation, runs nothing and loads nothing', async () => {
  const { status, text, headers } = await get('/openapi', {})
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  for (const { path } of operations) expect(text).toContain(`<code>${path}</code>`)
  expect(text).not.toMatch(/<script|<link|<img|src=|https?:\/\/(?!localhost)|@import|url\(/)
  const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? ''
  const hash = new Bun.CryptoHasher('sha256').update(style).digest('base64')
  expect(headers.get('content-security-policy')).toStartWith(
    `default-src 'none'; style-src 'sha256-${hash}';`,
  )
})
