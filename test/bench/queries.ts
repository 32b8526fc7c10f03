import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp } from '../support/app-process.ts'
import { refreshRollups } from '../support/rollups.ts'
import { until } from '../support/until.ts'
import { storeGenerated } from './big-table.ts'
import { withQuestDB } from './questdb.ts'

/** How long an HTTP answer took, from request to last byte, asked again and again. */
export interface Timing {
  name: string
  rows: number
  p50_ms: number
  p95_ms: number
  p99_ms?: number
}

const day_ms = 86_400_000
const warmUps = 5
const asks = 30
const key = 'bench-api-key-0123456789'

/** `/metrics/operations` over one day and over thirty, with so many rows stored over thirty days. */
export function measureQueries(rows: number): Promise<Timing[]> {
  return withQuestDB(async ({ address, httpUrl, pgUrl }) => {
    const to_ms = Math.floor(Date.now() / 1000) * 1000
    await storeGenerated(address, { rows, days: 30, to_ms })
    const dir = mkdtempSync(join(tmpdir(), 'spacewatch-bench-app-'))
    const urls = { QUESTDB_HTTP_URL: httpUrl.reveal(), QUESTDB_PG_URL: pgUrl.reveal() }
    const env = { ...urls, DATA_DIR: dir, DEMO: 'off', PORT: '0', APP_API_KEY: key, RETENTION_DAYS: '0' }
    const app = startApp({ env, logFile: join(dir, 'app.log') })
    try {
      await until(() => app.url() !== null, { what: `the app listens\n${app.output()}` })
      await refreshRollups(address)
      const timings: Timing[] = []
      for (const days of [1, 30]) {
        const window = { from: iso(to_ms - days * day_ms), to: iso(to_ms) }
        const url = `${app.url()}/metrics/operations?${new URLSearchParams(window)}`
        timings.push({ name: `/metrics/operations, ${days} d`, rows, ...(await ask(url)) })
      }
      return timings
    } finally {
      app.kill('SIGKILL')
      rmSync(dir, { recursive: true })
    }
  })
}

async function ask(url: string): Promise<Pick<Timing, 'p50_ms' | 'p95_ms'>> {
  const times: number[] = []
  for (let asked = 0; asked < warmUps + asks; asked++) {
    const started_ms = performance.now()
    const response = await fetch(url, { headers: { 'x-api-key': key } })
    const text = await response.text()
    if (!response.ok) throw new Error(`Cannot measure: ${response.status} ${text.slice(0, 300)}`)
    if (asked >= warmUps) times.push(performance.now() - started_ms)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? 0
  return { p50_ms: at(0.5), p95_ms: at(0.95) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
