import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { CauseName, CostAnswer, CostParams, Proof } from '../../src/cost/answers.ts'
import { providers } from '../../src/cost/prices.ts'
import type { PriceList } from '../../src/cost/price-list.ts'
import { createReadCost } from '../../src/cost/read-cost.ts'
import type { AccessEvent } from '../../src/demo/access-event.ts'
import { createGate } from '../../src/gate/gate.ts'
import { createCoverage } from '../../src/metrics/coverage.ts'
import { parseWindow } from '../../src/metrics/window.ts'
import { generateDemo, now_ms, storeDemo } from '../questions/demo-data.ts'
import { prefixOf, sum } from '../questions/truth.ts'
import { openTestStore } from '../support/store.ts'

const GIB = 1024 ** 3
const source = 'cost-demo'
const demo = generateDemo()
const store = await openTestStore()
afterAll(store.close)
beforeAll(() => storeDemo(demo, store, source), 120_000)

const gate = createGate({
  pool: store,
  turns: { take: (_, work) => work() },
  readWindow: (given) => parseWindow(given, now_ms, false),
})
const readCoverage = createCoverage({ query: store.query, progress: () => [] })

function read(params: CostParams = {}, { scope = [source], prices = providers.spaces, at_ms = now_ms } = {}) {
  const readCost = createReadCost({ gate, readCoverage, prices: prices as PriceList, now: () => at_ms })
  return readCost(params, { scope, turns_of: 'test' })
}
const rerun = async ({ sql, from, to }: Proof): Promise<unknown[][]> =>
  (await gate.run({ sql, from, to, scope: [source], turns_of: 'test', limit: 10_000 })).rows

const requests = demo.records.filter(({ is_request }) => is_request)
const of = (format: string): AccessEvent[] => requests.filter((record) => record.format === format)
const [origin, cdn] = [sum(of('s3'), 'bytes_sent'), sum(of('cdn'), 'bytes_sent')]
const part = ({ parts }: CostAnswer, name: string) => parts.find((one) => one.part === name)

test('bytes and requests of the month are what a plain loop over the generated week counts, origin and CDN apart', async () => {
  const answer = await read()
  expect(part(answer, 'origin_egress')?.amount).toBe(origin)
  expect(part(answer, 'cdn_egress')?.amount).toBe(cdn)
  const classes = Map.groupBy(of('s3'), ({ operation }) =>
    /COPY/.test(operation) ||
    /^REST\.(PUT|POST)\.(OBJECT|PART|UPLOADS?)$|^REST\.GET\.BUCKET(VERSIONS)?$|^REST\.GET\.(SERVICE|UPLOADS?)$/.test(
      operation,
    )
      ? 'writes'
      : /DELETE/.test(operation)
        ? 'free'
        : 'reads',
  )
  expect(part(answer, 'writes')?.amount).toBe(classes.get('writes')?.length ?? 0)
  expect(part(answer, 'reads')?.amount).toBe(classes.get('reads')?.length ?? 0)
  const days = Map.groupBy(requests, ({ at_ms }) => new Date(at_ms).toISOString().slice(0, 10))
  for (const [day, records] of days)
    expect(answer.by_day.find((one) => one.day === day)).toMatchObject({
      origin_bytes: sum(
        records.filter(({ format }) => format === 's3'),
        'bytes_sent',
      ),
      cdn_bytes: sum(
        records.filter(({ format }) => format === 'cdn'),
        'bytes_sent',
      ),
    })
  expect(answer.allowances.find((one) => one.of === 'egress')).toMatchObject({
    included: 1024 * GIB,
    used: origin + cdn,
  })
})

test('storage is the mean of the days with a snapshot, unfinished uploads with it, and what is cut is not counted', async () => {
  const answer = await read()
  // A snapshot stands for three days after it: that of the fifth day for the 26th to the 28th.
  const media = [0, 1, 2, 3, 4, 5, 5, 5].map((day) => 5_000_000_000 + day * 124_456_789)
  const backups = [0, 1, 2, 3, 4, 4, 4, 4].map((day) => 300_000_000_000 - day * 2_000_000_000)
  const mean = media.reduce((total, bytes, n) => total + bytes + (backups[n] ?? 0), 0) / 8
  expect(part(answer, 'storage')?.amount).toBeCloseTo(mean, 3)
  const elapsed = (now_ms - Date.UTC(2026, 7)) / (31 * 86_400_000)
  expect(part(answer, 'storage')?.usd).toBeCloseTo((mean / GIB - 250) * 0.02 * elapsed, 9)
  expect(answer.storage.map(({ bucket, days, newest }) => [bucket, days, newest])).toEqual([
    ['db-backups', 8, '2026-08-25'],
    ['media-assets', 8, '2026-08-26'],
  ])
  const told = answer.not_known.join('\n')
  expect(told).toContain('There is no snapshot of app-uploads, static-site: their storage is not counted.')
  expect(told).toContain('Snapshots of db-backups were ended by a limit')
  expect(told).toContain('What is stored is known on 8 of 28 days')
  expect(told).toContain('Requests are known from 2026-08-21 on')
})

const valueOf: Record<CauseName, (record: AccessEvent) => string | null> = {
  bucket: ({ bucket }) => bucket.name,
  prefix: (record) => `${record.bucket.name} ${prefixOf(record)}`,
  requester: ({ requester }) => requester,
  client: ({ remote_ip }) => remote_ip,
  site: ({ referer }) => referer?.split('/')[2] ?? null,
  agent: ({ user_agent }) => user_agent,
}

describe.each(Object.entries(valueOf))('the ten largest causes by %s', (by, value) => {
  test('are those that a plain loop finds, with their share and what they cost', async () => {
    const { causes } = await read({ provider: 'aws-s3' })
    const { rows = [], proof } = causes.find((one) => one.by === by) ?? {}
    const truth = [
      ...Map.groupBy(
        requests.filter(({ bytes_sent }) => by === 'bucket' || bytes_sent > 0),
        (record) => JSON.stringify([record.format, value(record)]),
      ),
    ]
      .map(([name, records]) => ({ name, requests: records.length, bytes_sent: sum(records, 'bytes_sent') }))
      .toSorted((a, b) => b.bytes_sent - a.bytes_sent || (a.name < b.name ? -1 : 1))
      .slice(0, 10)
    const name = (row: (typeof rows)[number]): string =>
      JSON.stringify([row.format, by === 'prefix' ? `${row.bucket} ${row.value}` : row.value])
    expect(rows.map((row) => [name(row), row.requests, row.bytes_sent])).toEqual(
      truth.map((row) => [row.name, row.requests, row.bytes_sent]),
    )
    for (const { share, bytes_sent, usd_beyond_allowance } of rows) {
      expect(share).toBeCloseTo(bytes_sent / (origin + cdn), 12)
      expect(usd_beyond_allowance).toBeCloseTo((bytes_sent / GIB) * 0.09, 9)
    }
    expect(proof && (await rerun(proof)).map((row) => row.at(-1))).toEqual(
      rows.map(({ bytes_sent }) => bytes_sent),
    )
  })
})

test('every figure has SQL that POST /sql takes and that gives it again', async () => {
  const answer = await read()
  const { proof } = part(answer, 'origin_egress') ?? {}
  if (!proof) throw new Error('it has a proof')
  const total = (format: string, rows: unknown[][]): number =>
    rows.filter((row) => row[1] === format).reduce((all, row) => all + Number(row[4]), 0)
  const rows = await rerun(proof)
  expect([total('s3', rows), total('cdn', rows)]).toEqual([origin, cdn])
  for (const one of [...answer.parts, ...answer.what_if])
    if (one.proof) expect(await rerun(one.proof)).toBeArray()
})

test('refused hotlinks save what other sites take; without a word the busiest site of each bucket is its own', async () => {
  const own = new Set(['www.example.com', 'app.example.com', 'docs.example.com'])
  const foreign = requests.filter(({ referer }) => referer !== null && !own.has(referer.split('/')[2] ?? ''))
  const { what_if, parts } = await read()
  const hotlinks = what_if.find(({ change }) => change === 'hotlinks_refused')
  const forecast =
    (parts.find((one) => one.part === 'origin_egress')?.forecast?.value ?? 0) +
    (parts.find((one) => one.part === 'cdn_egress')?.forecast?.value ?? 0)
  const monthly = (sum(foreign, 'bytes_sent') * forecast) / (origin + cdn)
  expect(foreign.some(({ incident }) => incident === 'hotlink')).toBe(true)
  expect(hotlinks?.bytes).toBeCloseTo(monthly, 0)
  expect(hotlinks?.usd_saved).toBe(0)
  expect(hotlinks?.usd_saved_beyond_allowance).toBeCloseTo((monthly / GIB) * 0.01, 9)
  expect(hotlinks?.assumption).toContain('Yours: app.example.com, docs.example.com, www.example.com, as each')
  const all = await read({
    own_sites:
      ' WWW.example.com,app.example.com , docs.example.com,forum.hotlinker.example,com.example.app,shop.example.org,search.example.net',
  })
  expect(all.what_if.find(({ change }) => change === 'hotlinks_refused')?.bytes).toBe(0)
})

test('refused crawlers save what they take, at the price of the step that they are in', async () => {
  const taken = sum(
    requests.filter(({ user_agent }) => user_agent?.includes('ExampleBot/') === true),
    'bytes_sent',
  )
  const crawlers = (answer: CostAnswer) => answer.what_if.find(({ change }) => change === 'crawlers_refused')
  const free = await read()
  const growth = (crawlers(free)?.bytes ?? 0) / taken
  expect(growth).toBeGreaterThan(1)
  expect(crawlers(free)?.usd_saved).toBe(0)
  const charged = { ...providers.spaces.egress, steps: [{ up_to: null, usd: 0.01 }] } as PriceList['egress']
  const dear = crawlers(await read({}, { prices: { ...providers.spaces, egress: charged } }))
  expect(dear?.usd_saved).toBeCloseTo(((taken * growth) / GIB) * 0.01, 9)
})

test('cold storage is priced where logs reach back so far, and is told to be unknown where they do not', async () => {
  const cold = (answer: CostAnswer) => answer.what_if.find(({ change }) => change === 'cold_storage')
  const usual = cold(await read())
  expect([usual?.bytes, usual?.usd_saved]).toEqual([null, null])
  expect(usual?.why).toBe('the logs of no bucket with a snapshot reach back 30 days (since 2026-07-29)')
  const from_ms = now_ms - 3 * 86_400_000
  const touched = { 'media-assets': new Map<string, number>(), 'db-backups': new Map<string, number>() }
  for (const { at_ms, bucket, key, status, operation, object_size, bytes_received, bytes_sent } of requests) {
    const objects = bucket.name in touched ? touched[bucket.name as keyof typeof touched] : null
    if (!objects || key === null || at_ms < from_ms || (status ?? 0) >= 400) continue
    if (/DELETE|ACL|TAGGING/.test(operation)) continue
    objects.set(key, Math.max(objects.get(key) ?? 0, object_size ?? (bytes_received || bytes_sent)))
  }
  const warm = (name: keyof typeof touched): number =>
    [...touched[name].values()].reduce((total, bytes) => total + bytes, 0)
  // The newest snapshots, without the one that a limit ended.
  const left = [292_000_000_000 - warm('db-backups'), 5_622_283_945 - warm('media-assets')]
  const three = cold(await read({ cold_after_days: 3 }))
  expect(three?.bytes).toBe(left.reduce((total, bytes) => total + Math.max(0, bytes), 0))
  expect(three?.why).toBeNull()
})

test('a CDN saves no money where it costs as much, and its price is asked for where it is not known', async () => {
  const cdnOn = (answer: CostAnswer) => answer.what_if.find(({ change }) => change === 'cdn_on')
  const here = cdnOn(await read())
  expect(here?.bytes).toBeGreaterThan(0)
  expect(here?.usd_saved).toBe(0)
  expect(here?.assumption).toContain('not off the bill')
  const there = cdnOn(await read({ provider: 'aws-s3' }))
  expect(there).toMatchObject({ usd_saved: null, why: expect.stringContaining('PRICES_FILE') })
})

test('nothing of another source is counted, and no data makes no figures', async () => {
  const answer = await read({}, { scope: ['somebody-else'] })
  expect(answer.causes.flatMap(({ rows }) => rows)).toEqual([])
  expect(answer.storage).toEqual([])
  expect(part(answer, 'storage')).toMatchObject({ amount: null, usd: null, forecast: null })
  expect(part(answer, 'origin_egress')).toMatchObject({ amount: 0, usd: 0, forecast: null })
  expect(answer.total).toMatchObject({ usd: 5, complete: false, forecast: null })
  expect(answer.by_day.every((day) => day.origin_bytes === null && day.forecast_bytes === null)).toBe(true)
  expect(answer.not_known).toContain('No request is logged in this month or the eight weeks before.')
  expect(answer.what_if.map(({ bytes }) => bytes)).toEqual([0, null, 0, 0])
})

test('a month before is told without a forecast, and one to come is refused', async () => {
  const july = await read({ month: '2026-07' })
  expect(july).toMatchObject({
    is_over: true,
    to: '2026-08-01T00:00:00.000Z',
    days: 31,
    total: { forecast: null },
  })
  expect(part(july, 'origin_egress')?.amount).toBe(0)
  const august = await read({ month: '2026-08' }, { at_ms: Date.UTC(2026, 8, 2) })
  expect(august.is_over).toBe(true)
  expect(part(august, 'origin_egress')?.amount).toBe(origin)
  expect(read({ month: '2026-09' })).rejects.toThrow('it has not begun')
})

test('the price list of another provider is counted with when it is asked for', async () => {
  const answer = await read({ provider: 'aws-s3' })
  expect(answer.prices).toEqual(providers['aws-s3'])
  expect(part(answer, 'origin_egress')?.usd).toBe(0)
  expect(part(answer, 'reads')?.usd).toBeCloseTo(((part(answer, 'reads')?.amount ?? 0) / 1000) * 0.0004, 9)
  expect(part(answer, 'cdn_egress')).toMatchObject({ usd: null, how: expect.stringContaining('PRICES_FILE') })
  expect(answer.total.complete).toBe(false)
})
