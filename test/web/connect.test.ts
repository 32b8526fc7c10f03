import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { apiKey } from '../server/test-app.ts'
import { hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasBrowser)('the connect page', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  await world.fill()
  const { front, logs, photos, open, trouble } = world
  front.logging(photos.bucket, { bucket: logs.bucket, prefix: 'access/' })

  async function connect(page: Page, key: string, secret: string): Promise<void> {
    await page.getByRole('button', { name: 'Another S3-compatible storage' }).click()
    await page.getByLabel('Endpoint').fill(front.endpoint)
    await page.getByLabel('Access key').fill(key)
    await page.getByLabel('Secret').fill(secret)
    await page.getByLabel('Log bucket').fill(logs.bucket)
    await page.getByLabel('Log prefix').fill('access/')
    await page.getByRole('button', { name: 'Check and connect' }).click()
  }

  test('shows who has not connected where to begin, whatever page was asked for', async () => {
    const page = await open('/sql', { who: 'nobody' })
    await page.getByRole('heading', { name: 'Connect your Spaces' }).waitFor()
    await page.context().close()
  })

  test('opens the dashboard with the right key, and keeps the key nowhere in the browser', async () => {
    const page = await open('/connect', { who: 'nobody' })
    await connect(page, 'alice', 'alice-secret')
    await page.getByRole('heading', { name: 'Connected: the logs are read' }).waitFor()
    await page.getByText('200', { exact: true }).first().waitFor()
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML])',
    )
    expect(kept).not.toContain('alice-secret')
    await page.getByRole('link', { name: 'Open the dashboard' }).first().click()
    await page.getByText('Requests', { exact: true }).first().waitFor()
    await page.context().close()
  })

  test('says what is wrong with a wrong secret, and connects nobody', async () => {
    const page = await open('/connect', { who: 'nobody' })
    await connect(page, 'alice', 'wrong-secret')
    const step = page.getByRole('listitem').filter({ hasText: 'Key and secret' })
    await step.getByRole('img', { name: 'Missing' }).waitFor()
    expect(await page.getByRole('link', { name: 'Open the dashboard' }).count()).toBe(0)
    await page.context().close()
  })

  test('connects a limited key', async () => {
    const page = await open('/connect', { who: 'nobody' })
    await connect(page, 'limited', 'limited-secret')
    await page.getByRole('heading', { name: /^Connected/ }).waitFor()
    await page.context().close()
  })

  test('finds where the logs are delivered, and reads there with one click', async () => {
    const page = await open('/connect', { who: 'nobody' })
    await page.getByRole('button', { name: 'Another S3-compatible storage' }).click()
    await page.getByLabel('Endpoint').fill(front.endpoint)
    await page.getByLabel('Access key').fill('alice')
    await page.getByLabel('Secret').fill('alice-secret')
    await page.getByRole('button', { name: 'Check and connect' }).click()
    await page.getByRole('button', { name: `Use ${logs.bucket}/access/` }).click()
    await page.getByRole('heading', { name: /^Connected/ }).waitFor()
    await page.context().close()
  })

  test('gives a stranger the policy that is missing', async () => {
    const page = await open('/connect', { who: 'nobody' })
    await connect(page, 'stranger', 'stranger-secret')
    const step = page.getByRole('listitem').filter({ hasText: 'Log bucket' })
    await step.getByRole('img', { name: 'Missing' }).waitFor()
    expect(await step.locator('pre').textContent()).toContain(`arn:aws:s3:::${logs.bucket}`)
    await page.context().close()
  })

  test('opens the demo with one button, and disconnects with another', async () => {
    const page = await open('/connect', { who: 'nobody' })
    await page.getByRole('button', { name: 'Look at the demo' }).click()
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor()
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('heading', { name: 'Connect your Spaces' }).waitFor()
    await page.context().close()
  })

  test('takes the API key, and refuses another', async () => {
    const page = await open('/connect', { who: 'nobody' })
    await page.getByRole('button', { name: 'API key' }).click()
    await page.getByLabel('API key', { exact: false }).last().fill('not-the-right-api-key')
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('API key', { exact: false }).last().fill(apiKey)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor()
    await page.context().close()
  })

  test('asks to connect again once the session has ended', async () => {
    const page = await open('/')
    await page.getByText('Newest event').waitFor()
    await page.context().clearCookies()
    await page.keyboard.press('r')
    await page.getByText('The session has ended').waitFor()
    await page.context().close()
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(trouble).toEqual([])
  })
})
