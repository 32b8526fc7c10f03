import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { s3LogLine } from '../support/s3-log-line.ts'
import { busy_ms, hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)
const hour_ms = 3_600_000

describe.skipIf(!hasBrowser)('going about the pages', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  await world.fill()
  const { photos, metrics, logs, store } = world
  await world.deliver('others', [
    s3LogLine({ bucket: metrics.bucket, key: 'other', at_ms: busy_ms + 5000 }),
    ...Array.from({ length: 300 }, () =>
      s3LogLine({ bucket: logs.bucket, key: 'access/x', at_ms: busy_ms + 9000 }),
    ),
  ])
  const [{ source } = {}] = await store.rows(
    `SELECT source FROM operations WHERE bucket = '${photos.bucket}' LIMIT 1`,
  )
  await store.appender.append('events', [
    {
      ts_ms: busy_ms + 1_200_000,
      symbols: {
        rule: 'errors_5xx',
        severity: 'critical',
        state: 'open',
        source: String(source),
        bucket: photos.bucket,
      },
      columns: {
        id: '1'.repeat(32),
        before: 0.5,
        after: 7,
        started_at: new Date(busy_ms + 600_000),
        ended_at: new Date(busy_ms + 900_000),
      },
    },
  ])
  const window = `from=${new Date(busy_ms).toISOString()}&to=${new Date(busy_ms + hour_ms).toISOString()}`
  const page = await world.open('/connect')
  const panel = (name: string) => page.getByRole('region', { name, exact: true })
  const requests = page.locator('.tile', { hasText: 'Requests' }).locator('.tile-value')
  const at = (more = ''): Promise<unknown> => page.goto(`${world.url}/?${window}${more}`)
  const go = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click()
  const palette = page.getByRole('combobox', { name: 'Go to' })

  test('several buckets in the address hold for every panel', async () => {
    await at(`&bucket=${photos.bucket},${metrics.bucket}`)
    await requests.getByText('201', { exact: true }).waitFor()
    await panel('Health events').getByText('Server errors', { exact: true }).waitFor()
    await panel('Hot and cold data').getByText('Never read').waitFor()
    const picker = page.getByLabel('Bucket whose storage is shown')
    expect(await picker.locator('option').allTextContents()).toEqual([photos.bucket, metrics.bucket])
    await panel('Storage growth').getByText('No snapshot was taken').waitFor()
    expect(await page.locator('.state-bad, .banner').count()).toBe(0)
  })

  test('storage opens on a bucket that is not the one of the logs', async () => {
    await at()
    const picker = page.getByLabel('Bucket whose storage is shown')
    await picker.waitFor()
    expect(await picker.locator('option').allTextContents()).toContain(logs.bucket)
    expect(await picker.inputValue()).not.toBe(logs.bucket)
  })

  test('no change is told against a time that the logs do not reach', async () => {
    await at()
    await requests.getByText('501', { exact: true }).waitFor()
    const tile = page.locator('.tile', { hasText: 'Requests' })
    await tile.getByText(/^(logs begin later|no previous period)$/).waitFor()
    const later = `from=${new Date(busy_ms + 1_800_000).toISOString()}&to=${new Date(busy_ms + hour_ms).toISOString()}`
    await page.goto(`${world.url}/?${later}`)
    await page.locator('.tile', { hasText: 'Requests' }).getByText('from').waitFor()
  })

  test('the dashboard is as it was left after a look at the console', async () => {
    await at(`&ip=198.51.100.8&zone=utc`)
    await requests.getByText('10', { exact: true }).waitFor()
    await go('SQL')
    await page.getByRole('heading', { name: 'SQL console' }).waitFor()
    await go('Dashboard')
    await requests.getByText('10', { exact: true }).waitFor()
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({
      ip: '198.51.100.8',
      zone: 'utc',
    })
  })

  test('the palette finds buckets and addresses, and says when it finds nothing', async () => {
    await at()
    await requests.getByText('501', { exact: true }).waitFor()
    await page.keyboard.press('Control+k')
    await palette.fill('zzzz')
    await page.getByText('Nothing is called so').waitFor()
    await palette.fill(metrics.bucket)
    await page.getByRole('option', { name: `${metrics.bucket} Bucket` }).waitFor()
    await page.keyboard.press('Enter')
    await requests.getByText('1', { exact: true }).waitFor()
    await page.keyboard.press('Control+k')
    await palette.fill('203.0.113.66')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove the filter IP 203.0.113.66' }).waitFor()
    expect(new URL(page.url()).searchParams.get('from')).toBe(new Date(busy_ms).toISOString())
  })

  test('a shared link to a query runs, tells times in the zone of all pages, and its chart has a legend', async () => {
    const sql = 'SELECT ts, total_ms, turnaround_ms FROM operations ORDER BY ts LIMIT 40'
    await page.goto(`${world.url}/sql?q=${encodeURIComponent(sql)}`)
    const result = page.getByRole('region', { name: 'Result of the query' })
    await result.getByText(/40 rows in .* times in /).waitFor()
    await page.locator('h1').click()
    await page.keyboard.press('z')
    await result.getByText(/times in UTC$/).waitFor()
    await result.getByRole('button', { name: 'Chart' }).click()
    const legend = result.getByRole('group', { name: 'Legend' }).locator('span')
    expect(await legend.allTextContents()).toEqual(['Total time', 'First byte'])
  })

  test('a link to a query leads there also through signing in', async () => {
    const stranger = await world.open('/sql?q=SELECT+1', { who: 'nobody' })
    await stranger.getByRole('button', { name: 'Look at the demo' }).click()
    await stranger.getByRole('region', { name: 'Result of the query' }).waitFor()
    await stranger.context().close()
  })

  test('a click on an open event shows the charts until now', async () => {
    await at()
    const event = panel('Health events').getByRole('button', { name: /Server errors/ })
    await event.click()
    await page.waitForURL((url) => url.searchParams.get('bucket') === photos.bucket)
    expect(await page.evaluate('scrollY')).toBe(0)
    const to_ms = Date.parse(new URL(page.url()).searchParams.get('to') ?? '')
    expect(Date.now() - to_ms).toBeLessThan(60_000)
  })

  test.each([1280, 360])('the toolbar stays in its place as the age grows, at %p px', async (width) => {
    const own = await world.open('/connect', { width })
    await own.clock.install()
    await own.goto(`${world.url}/?${window}`)
    await own.locator('.tile-value').first().waitFor()
    const height = () =>
      own.locator('.controls').evaluate((controls) => controls.getBoundingClientRect().height)
    const before = await height()
    await own.clock.runFor(1_200_000)
    expect(await height()).toBe(before)
    await own.context().close()
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(world.trouble).toEqual([])
  })
})
