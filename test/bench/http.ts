import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appEnvironment, startApp } from '../support/app-process.ts'
import { until } from '../support/until.ts'
import { keys, manyObjects, serveDataset } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { withQuestDB } from './questdb.ts'
import type { Timing } from './queries.ts'

const key = 'bench-api-key-0123456789'
const healths = 2_000
const questions = 200

/** Asks for health two thousand times at once, and two hundred times about metrics, while the bucket is being read. */
export async function measureHttp(dataset: Dataset): Promise<Timing[]> {
  const dir = mkdtempSync(join(tmpdir(), 'spacewatch-bench-app-'))
  const s3 = await serveDataset(dataset)
  try {
    return await withQuestDB(async ({ httpUrl, pgUrl }) => {
      const app = startApp({
        env: {
          ...appEnvironment({
            questdb: { httpUrl: httpUrl.reveal(), pgUrl: pgUrl.reveal() },
            s3: { ...keys, endpoint: s3.endpoint, bucket: manyObjects },
            dataDir: dir,
          }),
          APP_API_KEY: key,
          LOG_LEVEL: 'warn',
          // It is not the limit that is measured.
          RATE_LIMIT_PER_SECOND: '0',
        },
        logFile: join(dir, 'app.log'),
      })
      try {
        await until(async () => app.url() !== null && (await backlog(app.url())) > 0, {
          what: `the bucket is being read\n${app.output().slice(-2000)}`,
        })
        const from = new Date(Date.UTC(2026, 7, 21)).toISOString()
        const to = new Date(Date.UTC(2026, 7, 28)).toISOString()
        const window = new URLSearchParams({ from, to })
        const all = await Promise.all([
          askAtOnce(`${app.url()}/health`, healths),
          askAtOnce(`${app.url()}/metrics/query/AllRequests?${window}`, questions),
        ])
        const left = await backlog(app.url())
        if (left === 0) throw new Error('Cannot measure: the bucket was read before all was answered')
        return all.map((times, at) => ({
          name: at === 0 ? `${healths} GET /health at once` : `${questions} metrics at once`,
          rows: dataset.rows,
          ...times,
        }))
      } finally {
        app.kill('SIGKILL')
      }
    })
  } finally {
    await s3.stop()
    rmSync(dir, { recursive: true })
  }
}

async function backlog(url: string | null): Promise<number> {
  const response = await fetch(`${url}/health`, { headers: { 'x-api-key': key } })
  const { sources } = (await response.json()) as { sources: { backlog: number; rows: number }[] }
  return sources.reduce((sum, source) => sum + (source.rows > 0 ? source.backlog : 0), 0)
}

/** Throws unless every one is answered with 200. */
async function askAtOnce(url: string, times: number): Promise<Pick<Timing, 'p50_ms' | 'p95_ms' | 'p99_ms'>> {
  const took = await Promise.all(
    Array.from({ length: times }, async () => {
      const started_ms = performance.now()
      const response = await fetch(url, { headers: { 'x-api-key': key } })
      const text = await response.text()
      if (response.status !== 200) throw new Error(`Cannot measure: ${response.status} ${text.slice(0, 300)}`)
      return performance.now() - started_ms
    }),
  )
  took.sort((a, b) => a - b)
  const at = (share: number): number => took[Math.ceil(share * took.length) - 1] ?? 0
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) }
}
