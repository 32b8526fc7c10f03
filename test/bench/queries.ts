import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { generate } from '../../src/demo/generate.ts'
import { createLineCutter } from '../../src/logs/lines.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import type { Part } from '../../src/store/slabs.ts'
import { createWriteRows } from '../../src/store/write.ts'
import { startApp } from '../support/app-process.ts'
import { refreshRollups } from '../support/rollups.ts'
import { until } from '../support/until.ts'
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
const rowsPerPost = 40_000
const key = 'bench-api-key-0123456789'

/** `/metrics/operations` over one day and over thirty, with so many rows stored over thirty days. */
export function measureQueries(rows: number): Promise<Timing[]> {
  return withQuestDB(async ({ address, httpUrl, pgUrl }) => {
    const to_ms = Math.floor(Date.now() / 1000) * 1000
    await store(address, rows, to_ms)
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

async function store(address: QuestDBAddress, rows: number, to_ms: number): Promise<void> {
  const rowBuffer = createRowBuffer()
  const write = createWriteRows(address)
  let parts: Part[] = []
  let waiting = 0
  async function post(): Promise<void> {
    await rowBuffer.take(parts, (bodies) => write(Buffer.concat(bodies)))
    parts = []
    waiting = 0
  }
  const plan = { seed: 5, from_ms: to_ms - 30 * day_ms, to_ms, lines: rows, lines_per_object: 2_000 }
  for (const { key, body } of generate({ ...plan, deliver_by_ms: to_ms })) {
    const parser = createRunParser()
    const cutter = createLineCutter()
    const plain = body[0] === 0x1f ? gunzipSync(body) : body
    for (const run of [...cutter.push(plain), ...cutter.end()]) {
      const { operations } = parser.parse(run)
      parts.push(rowBuffer.append(operations, originOf('bench', key)))
      waiting += operations.length
    }
    if (waiting >= rowsPerPost) await post()
  }
  await post()
  const behind = 'SELECT count() FROM wal_tables() WHERE writerTxn < sequencerTxn'
  await until(async () => (await execute(address, behind))[0]?.[0] === 0, {
    timeout_ms: 600_000,
    what: behind,
  })
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
