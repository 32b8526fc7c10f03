import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { Secret } from '../../src/secret.ts'
import { openWorld } from '../server/spaces-world.ts'
import { apiKey } from '../server/test-app.ts'
import { s3LogLine } from '../support/s3-log-line.ts'

const executablePath =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  ) ?? ''

/** False where no Chromium is found; where tests must be whole (CI=true) its absence is a failure. */
export const hasBrowser = executablePath !== ''
if (!hasBrowser && process.env['CI'] === 'true')
  throw new Error('Cannot test the pages: Chromium is missing; .ci/run installs it')
if (!hasBrowser) console.warn('The tests of the pages are skipped: no Chromium at /usr/bin/chromium')

const hour_ms = 3_600_000
/** The hour that the logged requests are in. */
export const busy_ms = Math.floor(Date.now() / hour_ms) * hour_ms - 2 * hour_ms

export type Who = 'alice' | 'admin' | 'demo' | 'nobody'

/** The whole application with logs in it, listening on loopback, and a browser that looks at it. */
export async function openBrowserWorld(options: Parameters<typeof openWorld>[0] = {}) {
  // Filled below: the demo shows the logs of the world.
  let demoOf: ReturnType<typeof demoSource> | null = null
  const world = await openWorld({ demo: () => demoOf, ...options })
  const { app, front, logs, photos } = world
  function demoSource() {
    return { ...logs.source('access/', front.endpoint), ...demoKey }
  }
  demoOf = demoSource()
  app.listen({ port: 0, hostname: '127.0.0.1' })
  const url = `http://127.0.0.1:${app.server?.port}`
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  const trouble: string[] = []

  /** A browser of its own, signed in as someone; whatever goes wrong in it is kept in `trouble`. */
  async function open(path: string, { who = 'alice', ...more }: { who?: Who } & Look = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: more.width ?? 1280, height: more.height ?? 900 },
      colorScheme: more.theme ?? 'light',
      timezoneId: 'UTC',
      acceptDownloads: true,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => trouble.push(`${path}: ${error.message}`))
    page.on('dialog', (dialog) => {
      trouble.push(`${path}: a dialog says ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) trouble.push(`${path}: ${message.text()}`)
    })
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== url)
        trouble.push(`${path}: it asks ${request.url()}`)
    })
    if (who !== 'nobody') {
      const answer = await context.request.post(`${url}/session`, {
        data: signIns(logs.bucket, front.endpoint)[who],
        headers: { origin: url },
      })
      if (!answer.ok()) throw new Error(`Cannot sign in as ${who}: ${await answer.text()}`)
    }
    await page.goto(url + path)
    return page
  }

  return {
    ...world,
    url,
    open,
    trouble,
    /** Delivers the requests that the pages show: reads, a scan that is refused, and a few that are slow. */
    async fill(): Promise<void> {
      const bucket = photos.bucket
      const at = (second: number): number => busy_ms + second * 1000
      await photos.put('holiday/beach.jpg', 'x'.repeat(300))
      await photos.put('work/plan.pdf', 'x'.repeat(70))
      await world.deliver('first', [
        ...Array.from({ length: 120 }, (_, n) =>
          s3LogLine({
            bucket,
            key: 'holiday/beach.jpg',
            at_ms: at(n * 20),
            bytes: 5_000,
            ip: '198.51.100.7',
          }),
        ),
        ...Array.from({ length: 30 }, (_, n) =>
          s3LogLine({
            bucket,
            key: 'work/plan.pdf',
            at_ms: at(n * 60),
            operation: 'REST.PUT.OBJECT',
            bytes: 0,
          }),
        ),
        ...Array.from({ length: 40 }, (_, n) =>
          s3LogLine({ bucket, key: `secret/${n}`, at_ms: at(1800 + n), status: 403, ip: '203.0.113.66' }),
        ),
        ...Array.from({ length: 10 }, (_, n) =>
          s3LogLine({
            bucket,
            key: 'holiday/beach.jpg',
            at_ms: at(600 + n),
            status: 503,
            ip: '198.51.100.8',
          }),
        ),
      ])
    },
    async close(): Promise<void> {
      await browser.close()
      await app.stop(true)
      await world.close()
    },
  }
}

export interface Look {
  width?: number
  height?: number
  theme?: 'light' | 'dark'
}

const demoKey = { key: 'alice', secret: new Secret('alice-secret') }

function signIns(log_bucket: string, endpoint: string): Record<Exclude<Who, 'nobody'>, object> {
  return {
    alice: {
      spaces_key: 'alice',
      spaces_secret: 'alice-secret',
      endpoint,
      log_bucket,
      log_prefix: 'access/',
    },
    admin: { api_key: apiKey },
    demo: { demo: true },
  }
}
