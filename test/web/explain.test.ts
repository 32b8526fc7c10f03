import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { busy_ms, hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(120_000)
const hour_ms = 3_600_000
const iso = (ms: number): string => new Date(ms).toISOString()

describe.skipIf(!hasBrowser)('explaining a selection', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  await world.fill()
  const { photos, store } = world
  const [{ source } = {}] = await store.rows(
    `SELECT source FROM operations WHERE bucket = '${photos.bucket}' LIMIT 1`,
  )
  await store.appender.append('events', [
    {
      ts_ms: busy_ms + 1_800_000,
      symbols: {
        rule: 'errors_5xx',
        severity: 'critical',
        state: 'over',
        source: String(source),
        format: 's3',
        bucket: photos.bucket,
        measure: 'share_5xx',
        unit: 'Percent',
      },
      columns: {
        id: 'e'.repeat(32),
        before: 0,
        after: 50,
        started_at: new Date(busy_ms + 600_000),
        ended_at: new Date(busy_ms + 900_000),
      },
    },
  ])
  const scan = `/explain?from=${iso(busy_ms + 1_740_000)}&to=${iso(busy_ms + 1_920_000)}&measure=errors`
  const headline = (page: Page) => page.locator('.explain-headline')
  const says = (page: Page, words: string) =>
    page.locator('.explain-headline', { hasText: words }).waitFor({ timeout: 60_000 })

  test('drawing across a chart zooms as before; Explain beside it then names the cause of what was drawn', async () => {
    const page = await world.open(`/?from=${iso(busy_ms)}&to=${iso(busy_ms + hour_ms)}`)
    const errors = page.getByRole('region', { name: 'Errors', exact: true })
    const canvas = errors.locator('.chart-canvas[data-drawn]')
    await canvas.waitFor()
    await canvas.scrollIntoViewIfNeeded()
    const box = await canvas.boundingBox()
    if (!box) throw new Error('the chart is not drawn')
    const y = box.y + box.height / 2
    await page.mouse.move(box.x + box.width * 0.45, y)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.58, y, { steps: 6 })
    await page.mouse.up()
    await page.waitForURL((url) => Date.parse(url.searchParams.get('from') ?? '') > busy_ms)
    const drawn = new URL(page.url()).searchParams
    await errors.getByRole('link', { name: 'Explain Errors' }).click()
    await page.waitForURL(/\/explain\?/)
    const asked = new URL(page.url()).searchParams
    expect([asked.get('from'), asked.get('to'), asked.get('measure')]).toEqual([
      drawn.get('from'),
      drawn.get('to'),
      'errors',
    ])
    await says(page, 'come from client 203.0.113.66')
    await page.context().close()
  })

  test('a cause leads to the dashboard narrowed to it, and to its SQL', async () => {
    const page = await world.open(scan)
    expect(await headline(page).textContent()).toMatch(
      /^40 of 40 more errors \(100 %\) come from client 203\.0\.113\.66, /,
    )
    const causes = page.getByRole('region', { name: 'What explains it' })
    await causes.getByRole('link', { name: 'SQL of client 203.0.113.66' }).click()
    await page.waitForURL(/\/sql\?/)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.locator('.console-result td').getByText('40', { exact: true }).waitFor()
    await page.goBack()
    await causes.getByRole('link', { name: 'Dashboard with client 203.0.113.66' }).click()
    await page.getByRole('button', { name: 'Remove the filter IP 203.0.113.66' }).waitFor()
    await page.context().close()
  })

  test('a health event is explained by a click, and another comparison is a choice', async () => {
    const page = await world.open(`/?from=${iso(busy_ms)}&to=${iso(busy_ms + hour_ms)}`)
    await page.getByRole('link', { name: `Explain Server errors, ${photos.bucket}` }).click()
    await says(page, 'come from client 198.51.100.8')
    await page.getByLabel('Compared with').selectOption('week')
    await page.getByText('logs begin at').waitFor()
    await page.getByLabel('What changed').selectOption('bytes_sent')
    await page.waitForURL(/measure=bytes_sent/)
    await headline(page).waitFor()
    await page.context().close()
  })

  test.each([360, 1440])('at %i px nothing is wider than the page', async (width) => {
    for (const theme of ['light', 'dark'] as const) {
      const page = await world.open(scan, { width, theme })
      await headline(page).waitFor()
      await page.locator('.folded summary').first().click()
      expect(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(width)
      await page.context().close()
    }
  })

  test('nothing went wrong in any browser', () => {
    expect(world.trouble).toEqual([])
  })
})
