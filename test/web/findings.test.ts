import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { plantFinding } from '../support/plant-finding.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { until } from '../support/until.ts'
import { busy_ms, hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasBrowser)('the findings', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  const { photos, store, trouble } = world
  const { bucket } = photos
  const hostile = '<img src=x onerror=alert(1)>'
  await world.deliver(
    'deletions',
    Array.from({ length: 30 }, (_, n) =>
      s3LogLine({
        bucket,
        key: `reports/${n}.pdf`,
        at_ms: busy_ms + n * 1000,
        operation: 'REST.DELETE.OBJECT',
        status: 204,
        bytes: 0,
        requester: 'contractor',
        ip: '198.51.100.9',
        user_agent: hostile,
      }),
    ),
  )
  const seenBy = await world.get('/metrics/sources', {})
  const source = String(seenBy.body.sources[0].source)
  await plantFinding(store.appender.append, {
    source,
    bucket,
    requester: 'contractor',
    hours_ms: [busy_ms, busy_ms + 3_600_000],
  })
  await store.visible()
  const page = await world.open('/findings')
  const line = page.getByRole('button', { name: /Objects deleted en masse/ })
  const detail = page.getByRole('dialog', { name: 'Objects deleted en masse' })

  test('are a list that says how bad each is, what was seen and what it came to', async () => {
    await line.waitFor()
    const text = (await line.innerText()).replaceAll(/\s+/g, ' ')
    expect(text).toContain('critical')
    expect(text).toContain('deleted 30 objects')
    expect(text).toContain('59 requests')
  })

  test('lead to the raw line in three clicks', async () => {
    await page.goto(`${world.url}/findings`)
    await line.click()
    await detail.getByRole('link', { name: 'Look at the requests' }).click()
    await page.getByRole('region', { name: 'Operations in the log' }).getByRole('row').nth(1).click()
    await page.getByRole('dialog').locator('pre', { hasText: 'contractor' }).waitFor()
    const { searchParams } = new URL(page.url())
    expect(searchParams.get('requester')).toBe('contractor')
    expect(Date.parse(searchParams.get('from') ?? '')).toBeLessThanOrEqual(busy_ms)
  })

  test('show their rows, and the console answers the same SQL about the same time', async () => {
    await page.goto(`${world.url}/findings`)
    await line.click()
    const rows = detail.getByRole('region', { name: 'What was deleted, newest first' }).getByRole('row')
    await until(async () => (await rows.count()) === 31)
    expect(await detail.locator('img').count()).toBe(0)
    await detail.getByText(hostile).first().waitFor()
    await detail.getByRole('link', { name: 'Open in the console' }).first().click()
    await page.getByRole('region', { name: 'Result of the query' }).getByText('30 rows').waitFor()
    expect(new URL(page.url()).searchParams.get('from')).not.toBeNull()
    await page.getByRole('button', { name: /Leave the window/ }).click()
    await page.waitForURL((url) => !url.searchParams.has('from'))
  })

  test('give something to paste, by a button that copies it', async () => {
    await page.goto(`${world.url}/findings`)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await line.click()
    await detail.getByRole('button', { name: 'Copy' }).first().click()
    const pasted = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(JSON.parse(pasted).Statement[0].Resource).toBe(`arn:aws:s3:::${bucket}/*`)
  })

  test('are muted with a note and an end, are found under Muted, and opened again', async () => {
    await page.goto(`${world.url}/findings`)
    await line.click()
    await detail.getByRole('button', { name: 'Mute…' }).click()
    await detail.getByLabel('Why it is muted').fill('a move that was announced')
    await detail.getByLabel('Muted for').selectOption('30')
    await detail.getByRole('button', { name: 'Mute', exact: true }).click()
    await detail.getByText('a move that was announced').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Nothing is wrong').waitFor()
    await page.getByRole('button', { name: 'Muted', exact: true }).click()
    await line.click()
    await detail.getByRole('button', { name: 'Open again' }).click()
    await detail.getByRole('button', { name: 'Acknowledge' }).waitFor()
  })

  test('stand on the dashboard, for the buckets that it shows', async () => {
    await page.goto(`${world.url}/?from=24h`)
    const card = page.getByRole('region', { name: 'Findings', exact: true })
    await card.getByRole('button', { name: /Objects deleted en masse/ }).waitFor()
    await page.goto(`${world.url}/?from=24h&bucket=another`)
    await card.getByText('No detector has found anything').waitFor()
  })

  test('have raised no dialog and asked no foreign address', () => {
    expect(trouble).toEqual([])
  })
})
