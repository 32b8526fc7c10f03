import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasBrowser)('the chat without a model', async () => {
  if (!hasBrowser) return
  const world = await openBrowserWorld()
  afterAll(world.close)
  await world.fill()
  const page = await world.open('/chat')
  const box = page.getByLabel('Question', { exact: true })
  const near = page.getByRole('group', { name: 'Questions of the library' })

  test('answers the question that other words mean, when Enter is pressed', async () => {
    await box.fill('bill')
    await near.getByRole('button').first().waitFor()
    await page.keyboard.press('Enter')
    await page
      .getByRole('article', { name: 'Which clients cause the egress, and what does it cost?' })
      .getByRole('region', { name: /Evidence/ })
      .waitFor()
    expect(await box.inputValue()).toBe('')
  })

  test('sends by the button what it would take by Enter', async () => {
    await box.fill('who deleted files')
    const [first = ''] = await near.getByRole('button').allTextContents()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('article', { name: first.replace('Enter', '').trim() }).waitFor()
  })

  test('says what there is where nothing is meant, and shows it by a click', async () => {
    await box.fill('xyzzy')
    const missed = page.getByRole('group', { name: 'What the library has' })
    await missed.getByText('No question of the library is about “xyzzy”').waitFor()
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    await missed.getByRole('button', { name: /cdn/ }).click()
    await near.getByText('How much does the CDN answer from its cache?').waitFor()
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(world.trouble).toEqual([])
  })
})
