import { expect, test } from 'bun:test'
import { Secret } from '../../src/secret.ts'
import type { HealthEvent } from '../../src/watch/event.ts'
import { createWebhook } from '../../src/watch/webhook.ts'

const at_ms = Date.UTC(2026, 9, 5, 12)
const event: HealthEvent = {
  ts_ms: at_ms,
  id: '0123',
  rule: 'traffic_zero',
  severity: 'warning',
  state: 'open',
  source: 's',
  format: 's3',
  bucket: 'photos',
  measure: 'requests',
  unit: 'Count/Second',
  before: 0.5,
  after: 0,
  started_ms: at_ms,
  ended_ms: at_ms + 600_000,
  detected_ms: at_ms + 3_600_000,
  updated_ms: at_ms + 3_600_000,
  delivery: 'pending',
  delivered_ms: null,
}
const { signal } = new AbortController()
const hook = (port: number | undefined) => createWebhook(new Secret(`http://127.0.0.1:${port}/secret-token`))

test('a hook gets the event as JSON, with a sentence for people', async () => {
  const got: unknown[] = []
  using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => (got.push(request.method, await request.json()), new Response()),
  })
  await hook(server.port)(event, signal)
  expect(got).toEqual([
    'POST',
    {
      text: 'warning: bucket photos (s3): traffic has stopped since 2026-10-05T12:00:00.000Z: requests 0.5 -> 0 Count/Second',
      id: '0123',
      rule: 'traffic_zero',
      severity: 'warning',
      state: 'open',
      subject: 'bucket',
      source: 's',
      format: 's3',
      bucket: 'photos',
      measure: 'requests',
      unit: 'Count/Second',
      before: 0.5,
      after: 0,
      started_at: '2026-10-05T12:00:00.000Z',
      ended_at: '2026-10-05T12:10:00.000Z',
      detected_at: '2026-10-05T13:00:00.000Z',
    },
  ])
})

test('a hook that redirects is not followed, and is no delivery', async () => {
  let followed = 0
  using elsewhere = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => (followed++, new Response()) })
  using redirecting = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => Response.redirect(`http://127.0.0.1:${elsewhere.port}/`, 307),
  })
  await expect(hook(redirecting.port)(event, signal)).rejects.toThrow('it answered 307')
  expect(followed).toBe(0)
})

test('a hook that nobody answers is no delivery, and its address stays out of the error', async () => {
  const failure = await hook(1)(event, signal).catch((error: unknown) => error)
  expect(failure).toMatchObject({ name: 'UnavailableError' })
  expect(Bun.inspect(failure)).not.toContain('secret-token')
})

test('stopping ends a delivery that is under way', async () => {
  const stopping = new AbortController()
  using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch() {
      stopping.abort()
      return new Promise<Response>(() => {})
    },
  })
  await expect(hook(server.port)(event, stopping.signal)).rejects.toThrow('no answer')
})
