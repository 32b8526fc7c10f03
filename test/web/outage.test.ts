import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openQueryPool } from '../../src/store/query.ts'
import { startFaultyProxy } from '../support/faulty-proxy.ts'
import { testQuestDB } from '../support/servers.ts'
import { until } from '../support/until.ts'
import { busy_ms, hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasBrowser)('while the database is away', async () => {
  if (!hasBrowser) return
  let isAway = false
  const pgUrl = new URL((await testQuestDB()).pgUrl.reveal())
  const proxy = await startFaultyProxy({
    target: { host: pgUrl.hostname, port: Number(pgUrl.port) },
    plan: () => (isAway ? { name: 'away', fault: { kind: 'reset' } } : null),
  })
  pgUrl.hostname = '127.0.0.1'
  pgUrl.port = String(proxy.port)
  const pool = openQueryPool(pgUrl.href, { connections: 4, timeout_ms: 20_000 })
  const world = await openBrowserWorld({ query: pool.query, gatePool: pool })
  afterAll(async () => {
    await world.close()
    await pool.close()
    await proxy.close()
  })
  await world.fill()
  const address = `${world.url}/?from=${new Date(busy_ms).toISOString()}&to=${new Date(busy_ms + 3_600_000).toISOString()}`
  const page = await world.open('/connect')
  const banner = page.locator('.banner')
  const requests = page.locator('.tile', { hasText: 'Requests' }).locator('.tile-value')

  // Answers come one after the other: that a cause is shared shows with the second.
  const toldOnce = (): Promise<void> =>
    until(async () => (await banner.count()) === 1 && (await page.locator('.state-bad').count()) === 0, {
      what: 'one banner tells it, and no panel',
    })

  test('one banner says so, figures stay with their age, and all comes back by itself', async () => {
    await page.goto(address)
    await requests.getByText('200', { exact: true }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(await page.locator('.freshness-old').count()).toBe(0)
    isAway = true
    await page.keyboard.press('r')
    await banner.getByText('Cannot answer: the database is away').waitFor()
    await banner.getByText(/trying again in \d+ s/).waitFor()
    await page.locator('.tiles.is-old').waitFor()
    expect(await requests.textContent()).toBe('200')
    await page.getByText('Not current: all figures are from').waitFor()
    await page.locator('.freshness-old .beat').waitFor()
    await until(async () => (await page.locator('.panel.is-old').count()) >= 10)
    expect(await page.locator('.panel-warning').first().textContent()).toMatch(/From (just now|\d+ s ago)$/)
    await toldOnce()
    isAway = false
    await banner.waitFor({ state: 'detached', timeout: 30_000 })
    await until(async () => (await page.locator('.is-old').count()) === 0)
    expect(await page.locator('.freshness-old').count()).toBe(0)
  })

  test('a page that is opened then waits without a red panel', async () => {
    isAway = true
    await page.goto(address)
    await banner.waitFor()
    await page.getByText('No answer yet').nth(9).waitFor()
    await toldOnce()
    isAway = false
    await banner.getByRole('button', { name: 'Try now' }).click()
    await requests.getByText('200', { exact: true }).waitFor()
    await banner.waitFor({ state: 'detached' })
  })

  test('a filter that is no value of its kind is told once', async () => {
    await page.goto(`${address}&status=nonsense`)
    await banner.getByText("Cannot filter by status 'nonsense'").waitFor()
    await page.waitForLoadState('networkidle')
    await toldOnce()
    expect(await banner.textContent()).not.toContain('trying again')
    await page.getByRole('button', { name: /Remove the filter Status/ }).click()
    await requests.getByText('200', { exact: true }).waitFor()
    await banner.waitFor({ state: 'detached' })
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(world.trouble).toEqual([])
  })
})
