import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createDrawPng } from '../../src/server/plots/png.ts'
import { drawBarChart } from '../../src/server/plots/bar-chart.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { openWorld, records } from './spaces-world.ts'

setDefaultTimeout(60_000)

const world = await openWorld()
afterAll(world.close)
const { as, get, photos } = world
const at_ms = Math.floor(Date.now() / 1000) * 1000 - 600_000
const hostile = '<script>alert(1)</script>'
const line = (ip: string, seconds: number, more = {}) =>
  s3LogLine({ bucket: photos.bucket, key: 'k', ip, at_ms: at_ms + seconds * 1000, bytes: 10, ...more })
await world.deliver('clients', [
  line('203.0.113.7', 0),
  line('203.0.113.7', 1),
  line('203.0.113.7', 2, { status: 403 }),
  line('203.0.113.7', 3, { status: 403 }),
  line('2001:db8::1', 4, { bytes: 500 }),
  line(hostile, 5),
])

test('top-ips gives clients with requests, bytes, error share, first and last seen', async () => {
  const { body } = await get('/metrics/top-ips', { limit: '1' })
  expect(records(body)).toMatchObject([
    {
      remote_ip: '203.0.113.7',
      requests: 4,
      bytes_downloaded: 40,
      errors: 2,
      error_rate: 50,
      first_seen: `${new Date(at_ms).toISOString().slice(0, -1)}000Z`,
      last_seen: `${new Date(at_ms + 3000).toISOString().slice(0, -1)}000Z`,
    },
  ])
  expect(records((await get('/metrics/top-ips', { order: 'bytes_downloaded' })).body)[0]).toMatchObject({
    remote_ip: '2001:db8::1',
  })
})

test('the drawing names each client, and no markup of theirs is markup', async () => {
  const { status, text, headers } = await get('/plots/top-ips.svg')
  expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(text).toStartWith('<svg')
  for (const name of ['203.0.113.7', '2001:db8::1', 'Top client IPs', 'Errors']) expect(text).toContain(name)
  expect(text).not.toContain('<script')
  expect((await get('/plots/top-ips.svg', {}, as('alice', { 'x-log-prefix': 'none/' }))).text).toContain(
    'nothing was found',
  )
})

test('the PNG is one, with text drawn, and only for who may see the rows', async () => {
  const { status, bytes, headers } = await get('/plots/top-ips.png')
  expect([status, headers.get('content-type')]).toEqual([200, 'image/png'])
  expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  // Without a font nothing is written and nobody complains.
  const named = drawBarChart({ title: 'A title', subtitle: 's', bars: [], parts: ['p'] })
  const blank = named.replaceAll(/<text[^]*?<\/text>/g, '')
  const drawPng = createDrawPng()
  expect((await drawPng(named)).length).toBeGreaterThan(2 * (await drawPng(blank)).length)
  expect((await get('/plots/top-ips.png', {}, as('stranger'))).status).toBe(403)
  expect((await get('/plots/top-ips.png', {}, {})).status).toBe(401)
})

test('a picture is drawn once however many ask for it, and one that cannot be drawn is tried again', async () => {
  const drawPng = createDrawPng()
  const svg = drawBarChart({ title: 't', subtitle: 's', bars: [{ name: null, values: [1] }], parts: ['p'] })
  const [first, second] = await Promise.all([drawPng(svg), drawPng(svg)])
  expect(second).toBe(first)
  expect(drawPng('no svg')).rejects.toThrow()
  expect(await drawPng(svg)).toBe(first)
  expect(drawPng('no svg')).rejects.toThrow()
})
