import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { s3LogLine } from '../support/s3-log-line.ts'
import { until } from '../support/until.ts'
import { busy_ms, hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasBrowser)('the dashboard', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  await world.fill()
  const { photos, trouble } = world
  const page = await world.open('/connect')
  const window = `from=${new Date(busy_ms).toISOString()}&to=${new Date(busy_ms + 3_600_000).toISOString()}`
  const at = (more = ''): Promise<unknown> => page.goto(`${world.url}/?${window}${more}`)
  const panel = (name: string) => page.getByRole('region', { name, exact: true })
  const tile = (title: string) => page.locator('.tile', { hasText: title }).locator('.tile-value')

  test('shows the numbers of the logs', async () => {
    await at()
    await tile('Requests').getByText('200', { exact: true }).waitFor()
    await tile('5xx errors').getByText('10', { exact: true }).waitFor()
    await tile('Error rate').getByText('25.0 %', { exact: true }).waitFor()
    await panel('IP addresses').getByText('203.0.113.66').waitFor()
    await page.getByText('Newest event').waitFor()
  })

  test('counts each object of a multi-object delete, and lists who deleted most', async () => {
    const bucket = 'trash-of-photos'
    const at_ms = busy_ms - 1_800_000
    const batch = { bucket, at_ms, status: 204, bytes: 0, requester: 'bob' }
    await world.deliver('deletions', [
      s3LogLine({ ...batch, operation: 'REST.POST.MULTI_OBJECT_DELETE', status: 200 }),
      ...['a', 'b', 'c'].map((key) => s3LogLine({ ...batch, operation: 'BATCH.DELETE.OBJECT', key })),
      s3LogLine({ ...batch, operation: 'REST.DELETE.OBJECT', key: 'd', requester: 'carol' }),
      s3LogLine({ ...batch, operation: 'REST.DELETE.OBJECT', key: 'e', status: 403 }),
      s3LogLine({ ...batch, operation: 'REST.DELETE.UPLOAD', key: 'f' }),
    ])
    const before = `from=${new Date(busy_ms - 3_600_000).toISOString()}&to=${new Date(busy_ms).toISOString()}`
    await page.goto(`${world.url}/?${before}`)
    await tile('Objects deleted').getByText('4', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Objects deleted', exact: true }).click()
    const requesters = panel('Requesters').getByRole('listitem')
    await until(
      async () => (await requesters.allInnerTexts()).join().replace(/\s+/g, ' ') === 'bob 3,carol 1',
    )
  })

  test('filters everything by a click, and takes the filter away by another', async () => {
    await at()
    await panel('IP addresses')
      .getByRole('button', { name: /203\.0\.113\.66/ })
      .click()
    await tile('Requests').getByText('40', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('ip')).toBe('203.0.113.66')
    await until(async () => (await panel('Error codes').getByRole('listitem').count()) === 1)
    await panel('Prefixes')
      .getByRole('button', { name: /secret/ })
      .click()
    await page.getByRole('button', { name: /Remove the filter Prefix secret/ }).waitFor()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await tile('Requests').getByText('200', { exact: true }).waitFor()
  })

  test('shows from an address what was shown when it was copied', async () => {
    await at('&ip=198.51.100.8&compare=week&zone=utc&order=errors')
    await tile('Requests').getByText('10', { exact: true }).waitFor()
    expect(await page.getByLabel('Compare with').inputValue()).toBe('week')
    expect(await page.getByRole('button', { name: 'Errors', pressed: true }).count()).toBe(1)
    await page.goto(`${world.url}/?from=7d&bucket=${photos.bucket}`)
    await tile('Requests').getByText('200', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: '7d', pressed: true }).count()).toBe(1)
    expect(await page.getByLabel('Bucket', { exact: true }).inputValue()).toBe(photos.bucket)
  })

  test('zooms to what is drawn across a chart, and back', async () => {
    await at()
    const chart = panel('Requests').locator('.chart-canvas[data-drawn]')
    await chart.waitFor()
    const box = await chart.boundingBox()
    if (!box) throw new Error('the chart has no place')
    await page.mouse.move(box.x + box.width * 0.4, box.y + 80)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.7, box.y + 90, { steps: 5 })
    await page.mouse.up()
    await page.waitForURL((url) => url.searchParams.get('from') !== new Date(busy_ms).toISOString())
    const zoomed = new URL(page.url()).searchParams
    const [from_ms, to_ms] = [Date.parse(zoomed.get('from') ?? ''), Date.parse(zoomed.get('to') ?? '')]
    expect(from_ms).toBeGreaterThan(busy_ms + 600_000)
    expect(to_ms).toBeLessThan(busy_ms + 3_000_000)
    expect(to_ms - from_ms).toBeGreaterThan(600_000)
    await page.goBack()
    await tile('Requests').getByText('200', { exact: true }).waitFor()
  })

  test('tells of a row all that the log says, and its raw line', async () => {
    await at('&status=503')
    const rows = panel('Operations in the log')
    await rows.getByRole('cell', { name: '503' }).first().waitFor()
    expect(await rows.getByRole('row').count()).toBe(11)
    await rows.getByRole('row').nth(1).getByRole('button').click()
    const record = page.getByRole('dialog')
    await record.getByText('198.51.100.8', { exact: true }).waitFor()
    const line = record.locator('pre')
    await line.waitFor()
    expect(await line.textContent()).toMatch(/^owner .* REST\.GET\.OBJECT holiday\/beach\.jpg .* 503 /)
    await page.keyboard.press('Escape')
  })

  test('gives a chart as a table, as CSV and as a picture, and its SQL to the console', async () => {
    await at()
    const errors = panel('Errors')
    await errors.locator('.chart-canvas[data-drawn]').waitFor()
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      errors.getByRole('button', { name: /CSV/ }).click(),
    ])
    const text = readFileSync(await csv.path(), 'utf8')
    expect(text.split('\r\n')[0]).toBe('ts,403,503')
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      errors.getByRole('button', { name: /picture/ }).click(),
    ])
    expect(
      readFileSync(await png.path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    await errors.getByRole('button', { name: /as a table/ }).click()
    await errors.getByRole('columnheader', { name: '503' }).waitFor()
    await errors.getByRole('button', { name: /how is this computed/ }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'Open in the console' }).click()
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByRole('region', { name: 'Result', exact: true }).getByText('503').first().waitFor()
  })

  test('obeys the keyboard', async () => {
    await at()
    await tile('Requests').getByText('200', { exact: true }).waitFor()
    await page.keyboard.press('4')
    await page.waitForURL(/from=7d/)
    await page.keyboard.press('z')
    await page.waitForURL(/zone=utc/)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to' }).fill('last 6h')
    await page.keyboard.press('Enter')
    await page.waitForURL(/from=6h/)
  })

  test('asks again by itself, and not while nobody looks', async () => {
    const other = await world.open('/connect')
    await other.clock.install()
    await other.goto(`${world.url}/?from=6h&refresh=10`)
    await other.locator('.tile-value').first().waitFor()
    await other.getByText('Never read').waitFor()
    await other.waitForLoadState('networkidle')
    const asked: string[] = []
    other.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await look(other, false)
    await other.clock.fastForward(30_000)
    expect(asked).toEqual([])
    await look(other, true)
    await other.clock.runFor(1_000)
    await until(() => asked.includes('/metrics/operations'))
    await other.context().close()
  })

  test('says what to do where a bucket is silent', async () => {
    await page.goto(`${world.url}/?from=24h&bucket=no-such-bucket`)
    await panel('Requests').getByText('choose a longer range').waitFor()
  })

  test('shows what the buckets hold', async () => {
    await at()
    const room = panel('What takes the room')
    await room.getByRole('button', { name: /as a table/ }).click()
    await room.getByRole('cell', { name: 'holiday/' }).waitFor()
    await panel('Hot and cold data').getByText('Never read').waitFor()
    await page.goto(`${world.url}/?from=1h`)
    const growth = panel('Storage growth')
    await growth.getByText('No snapshot was taken').waitFor()
    await growth.getByRole('button', { name: 'Take a snapshot' }).click()
    await growth.locator('.chart-canvas[data-drawn]').waitFor()
  })

  test('loads at most 350 KB before it shows', async () => {
    const fresh = await world.open('/favicon.ico')
    let bytes = 0
    fresh.on('response', async (response) => {
      if (!new URL(response.url()).pathname.startsWith('/assets/')) return
      bytes += (await response.request().sizes()).responseBodySize
    })
    await fresh.goto(`${world.url}/?from=24h`)
    await fresh.locator('.chart-canvas[data-drawn]').nth(4).waitFor()
    await fresh.waitForLoadState('networkidle')
    expect(bytes).toBeGreaterThan(100_000)
    expect(bytes).toBeLessThan(350_000)
    console.log(`pages: the first load is ${Math.round(bytes / 1000)} KB`)
    await fresh.context().close()
  })

  test('draws 1,500 points', async () => {
    const long_ago_ms = busy_ms - 20 * 86_400_000
    await world.deliver(
      'long-ago',
      Array.from({ length: 1500 }, (_, n) =>
        s3LogLine({ bucket: photos.bucket, key: 'old', at_ms: long_ago_ms + n * 1000 }),
      ),
    )
    const sql = "SELECT ts, total_ms FROM operations WHERE key = 'old' ORDER BY ts"
    await page.goto(`${world.url}/sql?q=${encodeURIComponent(sql)}`)
    await page.getByLabel('Rows at most').selectOption('10000')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText('1,500 rows in').waitFor()
    await page.getByRole('button', { name: 'Chart', exact: true }).click()
    const chart = page.locator('.console-result .chart-canvas[data-drawn]')
    await chart.waitFor()
    expect(await chart.getAttribute('aria-label')).toBe('Total time at 1500 times')
    console.log(`pages: 1,500 points are drawn in ${await chart.getAttribute('data-drawn')} ms`)
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(trouble).toEqual([])
  })
})

/** What a browser does when its tab is hidden or shown. */
async function look(page: Page, visible: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${!visible} })
    document.dispatchEvent(new Event('visibilitychange'))`)
}
