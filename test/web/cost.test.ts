import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { refreshRollups } from '../support/rollups.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { until } from '../support/until.ts'
import { busy_ms, hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(120_000)

// The first hours of a month are told with what was logged before it.
const month = new Date(busy_ms).toISOString().slice(0, 7)
const address = `/cost?month=${month}`

describe.skipIf(!hasBrowser)('the page of costs', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  await world.fill()
  const bucket = world.photos.bucket
  await world.deliver('hostile', [
    s3LogLine({
      bucket,
      key: '<img src=x onerror=alert(1)>/a.jpg',
      at_ms: busy_ms,
      bytes: 9_000,
      referer: 'https://<script>alert(1)<.example/',
      user_agent: '<svg onload=alert(1)>',
    }),
  ])
  expect((await world.post('/metrics/snapshot', { bucket })).status).toBe(200)
  await refreshRollups(world.store.address)
  await until(async () => (await world.get('/cost')).body.storage.length > 0, {
    what: 'the snapshot is visible',
  })
  const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

  test('tells the sum, its parts and the days, and what is not known', async () => {
    const page = await world.open(address)
    await panel(page, 'Egress by day').locator('[data-drawn]').waitFor()
    const parts = panel(page, 'What it is made of')
    expect(await parts.locator('tr', { hasText: 'Subscription' }).textContent()).toContain('$5.00')
    // 120 reads of 5,000 bytes, 40 and 10 refused ones of 100, and one of 9,000.
    expect(await parts.locator('tr', { hasText: 'Egress, origin' }).textContent()).toContain('600 KiB')
    expect(await panel(page, 'Stored').textContent()).toContain(`${bucket}370 B`)
    expect(await panel(page, 'Included each month').textContent()).toContain('of 1.00 TiB')
    expect(await panel(page, 'What is not known').textContent()).toContain('Requests are known from')
    expect(await panel(page, 'Prices').textContent()).toMatch(
      /free up to 1,024, then \$0.01 per GB.*2026-09-19/,
    )
    await page.context().close()
  })

  test('a cause leads to the dashboard with what it did, a figure to its SQL in the console', async () => {
    const page = await world.open(address)
    await panel(page, 'Clients')
      .getByRole('link', { name: /198\.51\.100\.7/ })
      .click()
    await page.locator('.chip', { hasText: '198.51.100.7' }).waitFor()
    await page.goBack()
    await panel(page, 'What it is made of')
      .getByRole('button', { name: 'Egress, origin: how is this computed?' })
      .click()
    await page.getByRole('link', { name: 'Open in the console' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.locator('.console-result td').first().waitFor()
    expect(await page.locator('.console-result').textContent()).toContain('s3read171600 KiB')
    await page.context().close()
  })

  test('asks anew for other prices and for other days, by its address', async () => {
    const page = await world.open(address)
    await page.getByRole('combobox', { name: 'Whose prices' }).selectOption('aws-s3')
    await panel(page, 'Prices').getByText('aws-s3').waitFor()
    expect(await panel(page, 'Prices').locator('tr', { hasText: 'Egress, CDN' }).textContent()).toContain(
      'not known',
    )
    await panel(page, 'Cold storage').getByRole('button', { name: '3 d' }).click()
    await panel(page, 'Cold storage').getByRole('button', { name: '3 d', pressed: true }).waitFor()
    expect(new URL(page.url()).search).toBe(`?month=${month}&provider=aws-s3&cold_after_days=3`)
    await page.reload()
    await panel(page, 'Prices').getByText('aws-s3').waitFor()
    await page.context().close()
  })

  test('shows what strangers wrote as text', async () => {
    const page = await world.open(address)
    await panel(page, 'Prefixes').getByText('<img src=x onerror=alert(1)>').waitFor()
    await panel(page, 'User agents').getByText('<svg onload=alert(1)>').waitFor()
    expect(await page.locator('.grid img, .grid script').count()).toBe(0)
    await page.context().close()
  })

  test('keeps WCAG 2.2 AA with its chart and a dialog, wide and at 360 px, light and dark', async () => {
    for (const width of [1440, 360])
      for (const theme of ['light', 'dark'] as const) {
        const page = await world.open(address, { width, theme })
        await panel(page, 'Egress by day').locator('[data-drawn]').waitFor()
        await panel(page, 'Hotlinks refused').getByRole('button').click()
        await page.getByRole('dialog').locator('pre').waitFor()
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
        const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([])
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        await page.context().close()
      }
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(world.trouble).toEqual([])
  })
})
