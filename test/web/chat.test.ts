import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { agentOptions } from '../support/agent-options.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { until } from '../support/until.ts'
import { hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(60_000)

describe.skipIf(!hasBrowser)('the chat', async () => {
  if (!hasBrowser) return
  const model = await startScriptedModel()
  const world = await openBrowserWorld({ agent: agentOptions(model.url) })
  afterAll(async () => {
    await world.close()
    await model.close()
  })
  await world.fill()
  const { photos, trouble } = world
  const page = await world.open('/chat')
  const ask = async (question: string): Promise<void> => {
    await page.getByLabel('Question', { exact: true }).fill(question)
    await page.keyboard.press('Enter')
  }
  const exchange = (question: string) => page.getByRole('article', { name: question })
  const requests = {
    tool: 'query_metric',
    args: { metric: 'AllRequests', step: 'none', bucket: photos.bucket },
  }

  test('answers with the steps that it took, and with what it rests on', async () => {
    model.script([{ calls: [requests] }, { text: 'There were **200** requests.\n\n- one\n- two' }])
    await ask('How many requests?')
    const answer = exchange('How many requests?')
    await answer.locator('strong').getByText('200').waitFor()
    const step = answer.getByRole('list', { name: 'Steps' }).getByRole('listitem')
    await step.getByRole('img', { name: 'done' }).waitFor()
    expect(await step.textContent()).toContain('query_metric')
    await answer.getByRole('button', { name: /E1|query_metric/ }).click()
    await answer.getByRole('cell', { name: '200' }).waitFor()
    await answer.getByRole('button', { name: 'SQL', exact: true }).click()
    expect(await answer.locator('pre').textContent()).toContain('FROM operations')
    expect(await answer.getByRole('link', { name: 'Open in the console' }).getAttribute('href')).toStartWith(
      '/sql?q=SELECT',
    )
  })

  test('goes on with what was said before', async () => {
    model.script([{ text: 'Nothing more.' }])
    await ask('And the day before?')
    await exchange('And the day before?').getByText('Nothing more.').waitFor()
    const said = model.seen[0]?.body.messages.map(({ content }) => content).join('\n')
    expect(said).toContain('How many requests?')
  })

  test('marks a figure that no evidence holds', async () => {
    model.script([{ calls: [requests] }, { text: 'There were 31337 requests.' }])
    await ask('Are you sure?')
    await exchange('Are you sure?').getByText('Not found in the evidence: 31337').waitFor()
  })

  test('stops when it is told to, and not by a second click on Send', async () => {
    model.script([{ hang: 'silent' }])
    const before = model.left
    await page.getByLabel('Question', { exact: true }).fill('What takes so long?')
    await page.getByRole('button', { name: 'Send' }).dblclick()
    await until(() => model.seen.length > 0, { what: 'the model was asked' })
    expect(await exchange('What takes so long?').getByText('Stopped.').count()).toBe(0)
    await page.getByRole('button', { name: 'Stop' }).click()
    await exchange('What takes so long?').getByText('Stopped.').waitFor()
    await until(() => model.left > before, { what: 'the model was left' })
  })

  test('says so when the model is away', async () => {
    model.script(() => ({ status: 401 }))
    await ask('Anybody there?')
    await exchange('Anybody there?').getByRole('alert').waitFor()
  })

  test('answers a suggested question without the model', async () => {
    await page.getByRole('button', { name: 'New conversation' }).click()
    model.script(() => ({ status: 500 }))
    const suggestion = page.getByRole('group', { name: 'Suggested questions' }).getByRole('button').first()
    const title = (await suggestion.locator('span').textContent()) ?? ''
    await suggestion.click()
    await exchange(title)
      .getByRole('region', { name: /Evidence/ })
      .waitFor()
    expect(model.seen).toEqual([])
  })

  test('meets no error, dialog or foreign address meanwhile', () => {
    expect(trouble).toEqual([])
  })
})
