import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { agentOptions } from '../support/agent-options.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { startScriptedModel } from '../support/scripted-model.ts'
import { busy_ms, hasBrowser, openBrowserWorld } from './browser-world.ts'

setDefaultTimeout(90_000)

const elsewhere = 'https://evil.example/x'
const openings = ['', '">', "'>", '</td>', '</pre>', '</script>', '-->', ']]>', '`', '{{']
const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  `<img src=${elsewhere}>`,
  `<svg onload=alert(1)>`,
  `<iframe src="javascript:alert(1)"></iframe>`,
  `<a href="javascript:alert(1)">go</a>`,
  `<link rel=stylesheet href=${elsewhere}>`,
  `<style>@import '${elsewhere}'</style>`,
  `<details open ontoggle=alert(1)>`,
  `<object data=${elsewhere}></object>`,
  `<base href=${elsewhere}>`,
  `<form action=${elsewhere}><input autofocus onfocus=alert(1)></form>`,
  `<math><mtext><table><mglyph><style><img src=${elsewhere} onerror=alert(1)>`,
  `<video src=${elsewhere} onerror=alert(1)></video>`,
  `![x](${elsewhere})`,
  `[x](javascript:alert(1))`,
  `<${elsewhere}>`,
  `<template><img src=x onerror=alert(1)></template>`,
  `<meta http-equiv=refresh content="0;url=${elsewhere}">`,
  `javascript:alert(1)//${elsewhere}`,
]
const payloads = openings.flatMap((opening) => attacks.map((attack) => opening + attack))

describe.skipIf(!hasBrowser)('what strangers wrote into logs and answers', async () => {
  if (!hasBrowser) return
  const model = await startScriptedModel()
  const world = await openBrowserWorld({ agent: agentOptions(model.url) })
  afterAll(async () => {
    await world.close()
    await model.close()
  })
  const { photos, deliver, trouble } = world
  const bucket = photos.bucket
  // In a log line a quote within a quoted text would end it.
  const quoted = (text: string): string => text.replaceAll('"', '%22')
  await deliver(
    'hostile',
    ['=1+1/x', ...payloads].flatMap((payload, n) => {
      const request = {
        bucket,
        at_ms: busy_ms + n * 1000,
        key: payload,
        user_agent: quoted(payload),
        referer: quoted(payload),
      }
      return [s3LogLine(request), s3LogLine({ ...request, status: 404 })]
    }),
  )
  const page = await world.open('/')

  test('200 of them are in the logs', async () => {
    expect(payloads.length).toBe(200)
    const { body } = await world.get('/metrics/operations', { from: '24h', bucket })
    expect(body.totals.rows[0][1]).toBe(402)
  })

  test('is text and nothing else on the dashboard, in its filters, rows and records', async () => {
    const from = new Date(busy_ms).toISOString()
    for (let at = 0; at < payloads.length; at += 50) {
      const to = new Date(busy_ms + (at + 50) * 1000).toISOString()
      await page.goto(
        `${world.url}/?from=${from}&to=${to}&status=404&key=${encodeURIComponent(payloads[at] ?? '')}`,
      )
      await page
        .getByRole('region', { name: 'Objects' })
        .getByText('alert', { exact: false })
        .or(page.getByRole('region', { name: 'Objects' }).getByRole('listitem'))
        .first()
        .waitFor()
      await page.getByRole('region', { name: 'Operations in the log' }).getByRole('row').nth(1).click()
      await page.getByRole('dialog').locator('pre').waitFor()
      await page.keyboard.press('Escape')
    }
    for (const tops of ['', '&status=404']) await page.goto(`${world.url}/?from=24h&bucket=${bucket}${tops}`)
    const chart = page
      .getByRole('region', { name: 'Requests', exact: true })
      .locator('.chart-canvas[data-drawn]')
    await chart.waitFor()
    await chart.hover()
  })

  test('is no formula in the CSV of a panel', async () => {
    await page.goto(`${world.url}/?from=24h&key_prefix=${encodeURIComponent('=1+1')}`)
    const objects = page.getByRole('region', { name: 'Objects' })
    await objects.getByRole('listitem').first().waitFor()
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      objects.getByRole('button', { name: /CSV/ }).click(),
    ])
    expect(readFileSync(await csv.path(), 'utf8')).toContain(",'=1+1/x,")
  })

  test('is text and nothing else in the console', async () => {
    const sql = 'SELECT key, user_agent, referer, count() n FROM operations ORDER BY key'
    await page.goto(`${world.url}/sql?q=${encodeURIComponent(sql)}`)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const result = page.getByRole('region', { name: 'Result', exact: true })
    await result.getByRole('cell').first().waitFor()
    for (let at = 0; at < 5; at++) {
      await result.hover()
      await page.mouse.wheel(0, 1200)
    }
    await page.getByRole('button', { name: 'Chart' }).click()
    const chart = page.locator('.console-result .chart-canvas[data-drawn]')
    await chart.waitFor()
    await chart.hover()
  })

  test('is text and nothing else in the answers of the chat and in their evidence', async () => {
    const sql = 'SELECT key, user_agent FROM operations'
    await page.goto(`${world.url}/chat`)
    for (let at = 0; at < payloads.length; at += 40) {
      const text = payloads.slice(at, at + 40).join('\n\n')
      model.script([{ calls: [{ tool: 'run_sql', args: { sql } }] }, { text, piece: 400 }])
      await page.getByLabel('Question', { exact: true }).fill(`What do you say? ${at} ${payloads[at]}`)
      await page.keyboard.press('Enter')
      const answer = page.getByRole('article').last()
      await answer.getByRole('button', { name: 'Ask again' }).waitFor()
      expect(await answer.locator('.markdown :is(a, img, script, iframe, svg, form, style)').count()).toBe(0)
      await answer.locator('.evidence-head').first().click()
    }
  })

  test('has raised no dialog, asked no foreign address and left nothing running', async () => {
    await page.waitForLoadState('networkidle')
    expect(trouble).toEqual([])
    // The policy of the page would have held what slipped through.
    const { headers } = await fetch(world.url)
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
  })
})
