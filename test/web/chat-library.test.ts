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
    await box.fill('which clients drive our bandwidth bill')
    await near.getByRole('button').first().waitFor()
    await page.keyboard.press('Enter')
    const answer = page.getByRole('article', { name: 'which clients drive our bandwidth bill' })
    await answer.getByText('Which clients cause the egress, and what does it cost?').waitFor()
    await answer.getByRole('region', { name: /Evidence/ }).waitFor()
    expect(await box.inputValue()).toBe('')
  })

  test('shows what is nearest where it is not certain, and answers what is chosen', async () => {
    await box.fill('errors')
    await page.getByRole('button', { name: 'Send' }).click()
    const answer = page.getByRole('article', { name: 'errors' })
    await answer.first().getByText('It is not certain what is asked').waitFor()
    const others = answer.first().getByRole('group', { name: 'What else may be meant' })
    expect(await others.getByRole('button').count()).toBe(5)
    await others.getByRole('button', { name: 'Which errors are most frequent?' }).click()
    await answer
      .last()
      .getByRole('region', { name: /Evidence/ })
      .waitFor()
  })

  test('a click on a question takes it as it is', async () => {
    await box.fill('who deleted files')
    const [first = ''] = await near.getByRole('button').allTextContents()
    await near.getByRole('button').first().click()
    await page.getByRole('article', { name: first.trim() }).waitFor()
  })

  test('says what there is where nothing is meant, and shows it by a click', async () => {
    await box.fill('xyzzy')
    const missed = page.getByRole('group', { name: 'What the library has' })
    await missed.getByText('No question of the library is about “xyzzy”').waitFor()
    await missed.getByRole('button', { name: /cdn/ }).click()
    await near.getByText('How much does the CDN answer from its cache?').waitFor()
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(world.trouble).toEqual([])
  })
})
