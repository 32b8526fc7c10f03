// Takes the pictures of docs/ from a running demo: bun test/support/run-screenshots.ts http://localhost:8000 API-KEY
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'

const [url = 'http://localhost:8000', apiKey = ''] = process.argv.slice(2)
const docs = join(import.meta.dir, '../../docs')
const charts = (count: number) => (page: Page) =>
  page
    .locator('.chart-canvas[data-drawn]')
    .nth(count - 1)
    .waitFor()

interface Picture {
  name: string
  path: string
  signIn: object | null
  theme: 'light' | 'dark'
  ready: (page: Page) => Promise<unknown>
}

const pictures: Picture[] = [
  {
    name: 'dashboard',
    path: '/?compare=previous',
    signIn: { demo: true },
    theme: 'light',
    ready: charts(4),
  },
  { name: 'dashboard-dark', path: '/?from=7d', signIn: { demo: true }, theme: 'dark', ready: charts(4) },
  {
    name: 'console',
    path: '/sql?ask=scans',
    signIn: { demo: true },
    theme: 'dark',
    ready: (page) => page.getByText('rows in').waitFor(),
  },
  {
    name: 'chat',
    path: '/chat',
    signIn: { demo: true },
    theme: 'light',
    async ready(page) {
      await page.getByRole('button', { name: /Which errors are most frequent/ }).click()
      await page.getByRole('button', { name: 'Ask again' }).waitFor()
    },
  },
  { name: 'cost', path: '/cost', signIn: { demo: true }, theme: 'light', ready: charts(1) },
  { name: 'mission-control', path: '/admin', signIn: { api_key: apiKey }, theme: 'dark', ready: charts(2) },
  {
    name: 'connect',
    path: '/connect',
    signIn: null,
    theme: 'light',
    ready: (page) => page.getByRole('button', { name: 'Look at the demo' }).waitFor(),
  },
]

mkdirSync(docs, { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const { name, path, signIn, theme, ready } of pictures) {
  for (const width of [1440, 360]) {
    const viewport = { width, height: 780 }
    const context = await browser.newContext({ viewport, colorScheme: theme, timezoneId: 'UTC' })
    if (signIn) {
      const answer = await context.request.post(`${url}/session`, { data: signIn, headers: { origin: url } })
      if (!answer.ok()) throw new Error(`Cannot sign in for ${name}: ${await answer.text()}`)
    }
    const page = await context.newPage()
    await page.goto(url + path)
    await ready(page)
    await page.waitForLoadState('networkidle')
    await page.mouse.move(0, 0)
    await page.screenshot({ path: join(docs, `${name}-${width}.png`) })
    await context.close()
    console.log(`docs/${name}-${width}.png`)
  }
}
await browser.close()
