import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from './run-chaos.ts'

/** `npm run chaos -- --kills 1000 [--seed 1] [--lines 1000000]` ends with 1 when anything was lost, duplicated or miscounted. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    lines: { type: 'string', default: '100000' },
  },
})
const dataDir = mkdtempSync(join(tmpdir(), 'spacewatch-chaos-'))
const started_ms = performance.now()
const since = (): string => `${((performance.now() - started_ms) / 1000).toFixed(0)} s`
const report = await runChaos({
  dataDir,
  libDir: join(import.meta.dir, '../../.spacewatch/lib'),
  kills: Number(values.kills),
  seed: Number(values.seed),
  lines: Number(values.lines),
  settle_ms: 600_000,
  progress: (message) => console.error(`${since()}: ${message}`),
})

const { appReady_ms, appReadyAfterQuestDB_ms, questdbAnswers_ms, wrongSums, wrongLedger, ...figures } = report
console.log(`\nseed ${values.seed}, ${values.lines} lines, ${since()}`)
console.log(figures)
console.table({
  'app killed: ready again': quantiles(appReady_ms),
  'QuestDB killed: answers again': quantiles(questdbAnswers_ms),
  '... and then the app is ready': quantiles(appReadyAfterQuestDB_ms),
})
const wrong = [...wrongSums, ...wrongLedger]
console.log(`${wrong.length} wrong sums or ledger rows${wrong.map((line) => `\n  ${line}`).join('')}`)
const well = figures.lost + figures.duplicated + figures.forged + wrong.length === 0
if (well) rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 })
else console.log(`The data is kept in ${dataDir}`)
process.exit(well ? 0 : 1)

function quantiles(times_ms: readonly number[]) {
  const sorted = times_ms.toSorted((a, b) => a - b)
  const at = (share: number): string => `${Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)} ms`
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}
