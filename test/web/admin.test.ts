import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/until.ts'
import { hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasBrowser)('mission control', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  await world.fill()

  test('shows the operator how the service and its log sources do', async () => {
    const page = await world.open('/admin', { who: 'admin' })
    const source = page.getByRole('article', { name: `${world.logs.bucket}/access/` })
    await source.waitFor()
    const actors = source.getByRole('list', { name: 'Actors' }).getByRole('listitem')
    expect((await actors.allTextContents()).map((text) => /^[a-z]+?(?=idle|busy)/.exec(text)?.[0])).toEqual([
      'lister',
      'reader',
      'parser',
      'writer',
    ])
    expect(await source.locator('.fact-box', { hasText: 'Rows' }).textContent()).toBe('Rows200')
    await page.getByRole('region', { name: 'Requests to SpaceWatch' }).locator('[data-drawn]').waitFor()
    await page.getByRole('button', { name: '7d' }).click()
    await page.getByRole('button', { name: '7d', pressed: true }).waitFor()
    await page.context().close()
  })

  test('lists what callers have read for them, and shows no key', async () => {
    const page = await world.open('/admin', { who: 'admin' })
    const row = page.getByRole('region', { name: 'Leases' }).locator('tbody tr')
    await row.filter({ hasText: 'reading' }).waitFor()
    expect(await row.textContent()).toMatch(/reading.*[1-9][\d.]* [KM]iB.*\d+ min/)
    expect(await page.content()).not.toContain('alice-secret')
    await page.context().close()
  })

  test('sends others to connect with the API key', async () => {
    const page = await world.open('/admin', { who: 'alice' })
    await page.getByText("This page is the operator's").waitFor()
    expect(await page.getByText(world.logs.bucket, { exact: false }).count()).toBe(1)
    await page.context().close()
  })

  test('does not say that all is well while requests fail', async () => {
    // More than the other tests of this run have asked, as the page tells of all.
    const failing = 5_000
    await world.store.appender.append(
      'requests',
      Array.from({ length: failing }, (_, n) => ({
        ts_ms: Date.now() - 60_000,
        symbols: { method: 'GET', route: '/sql', operation_type: 'sql' },
        columns: {
          request_id: `failing-${n}`,
          status: n % 2 === 0 ? 503 : 200,
          duration_ms: 5,
          bytes_out: 1,
        },
      })),
    )
    await until(async () => {
      const [row] = await world.store.rows("SELECT count() n FROM requests WHERE request_id LIKE 'failing-%'")
      return row?.['n'] === failing
    })
    const page = await world.open('/admin', { who: 'admin' })
    await page.getByText(/^\d.* % of the requests of this range failed with 5xx$/).waitFor()
    expect(await page.getByText('All is well').count()).toBe(0)
    await page.context().close()
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(world.trouble).toEqual([])
  })
})
