import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import AxeBuilder from '@axe-core/playwright'
import { agentOptions } from '../support/agent-options.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import type { Page } from 'playwright-core'
import { busy_ms, hasBrowser, openBrowserWorld } from './browser-world.ts'
import type { Who } from './browser-world.ts'

setDefaultTimeout(120_000)

interface Place {
  name: string
  path: string
  who: Who
  /** What is looked at; default: all. */
  within?: string
  /** Resolves once the page is whole. */
  ready: (page: Page) => Promise<unknown>
}

const charts = (page: Page, count: number): Promise<void> =>
  page
    .locator('.chart-canvas[data-drawn]')
    .nth(count - 1)
    .waitFor()

const places: Place[] = [
  {
    name: 'connect',
    path: '/connect',
    who: 'nobody',
    ready: (page) => page.getByRole('button', { name: 'Look at the demo' }).waitFor(),
  },
  {
    name: 'dashboard',
    path: '/?compare=previous&ip=198.51.100.7',
    who: 'alice',
    ready: (page) => charts(page, 4),
  },
  {
    name: 'a row of the dashboard',
    path: '/',
    who: 'alice',
    within: 'dialog',
    async ready(page) {
      await page.getByRole('region', { name: 'Operations in the log' }).getByRole('row').nth(1).click()
      await page.getByRole('dialog').locator('pre').waitFor()
    },
  },
  {
    name: 'console',
    path: '/sql?q=SELECT+key+FROM+operations+LIMIT+5',
    who: 'alice',
    async ready(page) {
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await page.locator('.console-result td').first().waitFor()
      await page.locator('.tree').first().waitFor()
    },
  },
  {
    name: 'chat',
    path: '/chat',
    who: 'alice',
    async ready(page) {
      await page.getByRole('group', { name: 'Suggested questions' }).getByRole('button').first().click()
      await page.getByRole('button', { name: 'Ask again' }).waitFor()
    },
  },
  {
    name: 'cost',
    path: '/cost',
    who: 'alice',
    ready: (page) => page.getByRole('region', { name: 'What is not known' }).waitFor(),
  },
  {
    name: 'an explanation',
    path: `/explain?from=${new Date(busy_ms + 1_740_000).toISOString()}&to=${new Date(busy_ms + 1_920_000).toISOString()}&measure=errors`,
    who: 'alice',
    async ready(page) {
      await page.getByRole('region', { name: 'What explains it' }).waitFor()
      await page.locator('.folded summary').first().click()
    },
  },
  { name: 'mission control', path: '/admin', who: 'admin', ready: (page) => charts(page, 2) },
  {
    name: 'palette',
    path: '/sql',
    who: 'alice',
    within: 'dialog',
    async ready(page) {
      await page.getByRole('heading', { name: 'SQL console' }).waitFor()
      await page.locator('h1').click()
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').getByRole('option').first().waitFor()
    },
  },
]

describe.skipIf(!hasBrowser)('the pages', async () => {
  if (!hasBrowser) return
  const model = await startScriptedModel()
  const world = await openBrowserWorld({ agent: agentOptions(model.url) })
  afterAll(async () => {
    await world.close()
    await model.close()
  })
  await world.fill()

  test.each(places)(
    '$name: keep WCAG 2.2 AA in light and dark, and fit 360 px',
    async ({ path, who, within = ':root', ready }) => {
      const page = await world.open(path, { who })
      await ready(page)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
        const { violations } = await new AxeBuilder({ page }).include(within).withTags(tags).analyze()
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
        )
        expect(found, `${path} in ${colorScheme}`).toEqual([])
      }
      await page.setViewportSize({ width: 360, height: 740 })
      // Charts follow a frame or two later.
      const fits = page.waitForFunction('document.documentElement.scrollWidth <= 360', undefined, {
        timeout: 5_000,
      })
      await fits.catch(() => {})
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360)
      await page.context().close()
    },
  )

  test('meet no error, dialog or foreign address meanwhile', () => {
    expect(world.trouble).toEqual([])
  })
})
