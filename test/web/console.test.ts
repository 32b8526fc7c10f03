import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasBrowser)('the SQL console', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  await world.fill()
  const { trouble } = world
  const page = await world.open('/sql')
  const at = (sql: string): Promise<unknown> => page.goto(`${world.url}/sql?q=${encodeURIComponent(sql)}`)
  const result = page.getByRole('region', { name: 'Result of the query' })
  const run = () => page.getByRole('button', { name: 'Run', exact: true }).click()

  test('runs the query of the address, with time, rows and what was executed', async () => {
    await at('SELECT remote_ip, count() requests FROM operations ORDER BY requests DESC')
    await result.getByRole('cell', { name: '203.0.113.66' }).waitFor()
    expect(await result.getByRole('status').textContent()).toMatch(/^\d rows in \d+ ms/)
    await result.getByRole('button', { name: 'SQL as executed' }).click()
    expect(await result.locator('pre').textContent()).toContain('source IN')
    await result.getByRole('button', { name: 'Chart' }).click()
    await result.locator('.chart-canvas[data-drawn]').waitFor()
  })

  test('lets a click on Run run, whatever runs already', async () => {
    const clicked = Promise.withResolvers<void>()
    await page.route('**/sql', async (route) => {
      if (route.request().method() === 'POST') await clicked.promise
      await route.continue()
    })
    await page.goto(`${world.url}/sql`)
    await page.getByRole('button', { name: 'Run', exact: true }).dblclick()
    clicked.resolve()
    await result.getByRole('cell', { name: 'REST.GET.OBJECT' }).waitFor()
    await page.unroute('**/sql')
  })

  test('says that rows were cut', async () => {
    await at('SELECT key FROM operations')
    await page.getByLabel('Rows at most').selectOption('100')
    await run()
    await result.getByText('cut: there are more').waitFor()
  })

  test('underlines where an error is', async () => {
    await at('SELECT nothing_like_this FROM operations')
    await run()
    await result
      .getByRole('alert')
      .getByText(/Line 1, column 8/)
      .waitFor()
    expect(await page.locator('.cm-lintRange-error').textContent()).toBe('nothing_like_this')
  })

  test('cancels a query, also on the server', async () => {
    // 200 rows to the power of four, which no test waits for.
    await at(`SELECT sum(a.total_ms + b.total_ms + c.total_ms + d.total_ms) AS s FROM operations a
JOIN operations b ON a.source = b.source JOIN operations c ON b.source = c.source JOIN operations d ON c.source = d.source`)
    const [ended] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'DELETE'),
      page.getByRole('button', { name: 'Cancel' }).click(),
    ])
    await result.getByText('Cancelled').waitFor()
    expect(await ended.json()).toEqual({ cancelled: true })
  })

  test('offers tables and columns while one writes', async () => {
    await at('SELECT ')
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('k FROM operatio')
    await page.locator('.cm-tooltip-autocomplete').getByText('operations', { exact: true }).first().click()
    expect(await page.locator('.cm-line').first().textContent()).toBe('SELECT k FROM operations')
  })

  test('remembers what was run and what was saved', async () => {
    await at('SELECT count() requests_of_all FROM operations')
    await run()
    await result.getByRole('cell', { name: '200' }).waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByLabel('Name of the query').fill('All requests')
    await page.keyboard.press('Enter')
    await page.reload()
    await page.getByRole('button', { name: 'History' }).click()
    await page.getByText('requests_of_all').first().waitFor()
    await page.getByRole('button', { name: 'Saved' }).click()
    await page.getByText('All requests').waitFor()
  })

  test('answers a question of the library, and shows its SQL', async () => {
    await page.goto(`${world.url}/sql`)
    await page.getByRole('button', { name: 'Library' }).click()
    const questions = page.locator('.library button')
    await questions.first().waitFor()
    expect(await questions.count()).toBeGreaterThanOrEqual(40)
    await questions.first().click()
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await result
      .getByRole('status')
      .getByText(/rows in/)
      .waitFor()
    expect(await page.locator('.cm-content').textContent()).toContain('SELECT')
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(trouble).toEqual([])
  })
})
