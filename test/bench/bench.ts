import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measureCeiling } from './ceiling.ts'
import { openDataset } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { measureDuckDB } from './duckdb.ts'
import { measureEndToEnd } from './end-to-end.ts'
import type { Figure } from './figure.ts'
import { measureHistory } from './history.ts'
import type { Measured } from './history.ts'
import { measureHttp } from './http.ts'
import { measureGoAccess, measureWc } from './others.ts'
import { measureParser } from './parser.ts'
import { measureQueries } from './queries.ts'
import type { Timing } from './queries.ts'

const parts: Record<string, (dataset: Dataset) => Promise<Figure[]>> = {
  wc: measureWc,
  parser: measureParser,
  ceiling: (dataset) => measureCeiling(dataset, [1, 2, 4]),
  e2e: (dataset) => measureEndToEnd(dataset, 'many'),
  one: (dataset) => measureEndToEnd(dataset, 'one'),
  duckdb: measureDuckDB,
  goaccess: measureGoAccess,
}

/**
 * `npm run bench -- [--only parser,e2e] [--lines 1000000] [--rounds 3] [--rows 5000000]`: one step after another, each
 * in a process of its own; of several rounds the fastest counts. Data goes to TMPDIR: a RAM disk leaves the disk out of it.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: [...Object.keys(parts), 'queries', 'http', 'history'].join(',') },
    lines: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
    rows: { type: 'string', default: '5000000' },
    step: { type: 'string' },
  },
})

if (values.step !== undefined) {
  console.log(JSON.stringify(await runStep(values.step)))
  process.exit(0)
}
const figures: Figure[] = []
const timings: Timing[] = []
const history: Measured[] = []
for (const step of values.only.split(',')) {
  for (let round = 0; round < Number(values.rounds); round++) {
    console.error(`${step} (load ${readFileSync('/proc/loadavg', 'utf8').slice(0, 14)})`)
    const found = await inItsOwnProcess(step).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
      return []
    })
    if (step === 'history') history.push(...(found as Measured[]))
    else if (step === 'queries' || step === 'http') timings.push(...(found as Timing[]))
    else keepFastest(found as Figure[])
  }
}
print()

type Found = Figure[] | Timing[] | Measured[]

function runStep(step: string): Promise<Found> {
  if (step === 'history') return measureHistory(Number(values.rows))
  if (step === 'queries') return measureQueries(Number(values.rows))
  if (step === 'http') return openDataset(Number(values.lines)).then(measureHttp)
  const measure = parts[step]
  if (!measure)
    throw new Error(
      `Cannot measure '${step}': write one of ${Object.keys(parts).join(', ')}, queries, http, history`,
    )
  return openDataset(Number(values.lines)).then(measure)
}

async function inItsOwnProcess(step: string): Promise<Found> {
  const command = [
    process.execPath,
    import.meta.path,
    '--step',
    step,
    '--lines',
    values.lines,
    '--rows',
    values.rows,
  ]
  // Bun sends 256 requests at once, unless it is told otherwise.
  const env = { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: '5000' }
  const child = Bun.spawn(command, { env, stdin: 'ignore', stderr: 'inherit' })
  const text = await child.stdout.text()
  if ((await child.exited) !== 0) throw new Error(`Cannot measure ${step}`)
  return JSON.parse(text) as Found
}

function keepFastest(found: readonly Figure[]): void {
  for (const figure of found) {
    const index = figures.findIndex(({ name }) => name === figure.name)
    const known = figures[index]
    if (!known) figures.push(figure)
    else if (figure.seconds < known.seconds) figures[index] = figure
  }
}

function print(): void {
  const model = cpus()[0]?.model ?? 'unknown'
  console.log(`${cpus().length} cores, ${model}; Bun ${Bun.version}; best of ${values.rounds}`)
  console.table(
    Object.fromEntries(
      figures.map(({ name, lines, bytes, seconds, cpu_s, others, peak_rss_mb, loop_p99_ms, note }) => [
        name,
        {
          'lines/s': Math.round(lines / seconds),
          'MB/s': Math.round(bytes / 1e6 / seconds),
          seconds: round(seconds),
          'CPU s': Object.entries(cpu_s)
            .map(([name, used]) => `${name} ${round(used)}`)
            .join(', '),
          'CPU of others': `${Math.round(others * 100)} %`,
          'peak RSS MB': peak_rss_mb ?? '',
          'loop p99 ms': loop_p99_ms === null ? '' : round(loop_p99_ms),
          note,
        },
      ]),
    ),
  )
  for (const { name, rows, p50_ms, p95_ms, p99_ms } of timings)
    console.log(
      `${name}, ${rows} rows: p50 ${round(p50_ms)} ms, p95 ${round(p95_ms)} ms${p99_ms === undefined ? '' : `, p99 ${round(p99_ms)} ms`}`,
    )
  if (history.length > 0) {
    console.log(`${values.rows} rows of thirty days`)
    console.table(
      history.map(({ name, value, unit, cpu_ms, goal, note }) => ({
        name,
        value: round(value),
        unit,
        'CPU ms': cpu_ms === undefined ? '' : Math.round(cpu_ms),
        goal: goal ?? '',
        ratio: goal === undefined ? '' : round(value / goal),
        note: note ?? '',
      })),
    )
  }
  const goals = goalsReached()
  console.table(goals)
  if (Bun.which('goaccess') === null) console.log('GoAccess is not installed')
  console.log(JSON.stringify({ figures, timings, history, goals }))
}

function goalsReached(): Record<string, { measured: number; goal: string }> {
  const named = (name: string): Figure | undefined => figures.find((figure) => figure.name === name)
  const rate = (figure: Figure | undefined): number => (figure ? figure.lines / figure.seconds : NaN)
  const e2e = named('end to end')
  const one = named('end to end, one object')
  const ceilings = figures.filter(({ name }) => name.startsWith('ceiling'))
  const ceiling = Math.max(...ceilings.map(rate))
  const cpu = (figure: Figure | undefined): number =>
    figure ? Object.values(figure.cpu_s).reduce((sum, used) => sum + used, 0) : NaN
  const timing = (days: number): number =>
    timings.find(({ name }) => name.endsWith(` ${days} d`))?.p50_ms ?? NaN
  const all: [string, number, string][] = [
    ['end to end / ceiling', rate(e2e) / ceiling, '>= 0.6'],
    ['the same by CPU seconds', Math.min(...ceilings.map(cpu)) / cpu(e2e), 'on a busy machine'],
    ['end to end / DuckDB', rate(e2e) / rate(named('DuckDB')), '>= 1.2'],
    ['parser, M lines/s', rate(named('parser')) / 1e6, '>= 1'],
    ['peak RSS, MB', e2e?.peak_rss_mb ?? NaN, '<= 300'],
    ['peak RSS of one object, MB', one?.peak_rss_mb ?? NaN, '<= 300'],
    ['event loop p99, ms', e2e?.loop_p99_ms ?? NaN, '<= 50'],
    ['one day, ms', timing(1), '<= 50'],
    ['thirty days, ms', timing(30), '<= 150'],
  ]
  return Object.fromEntries(
    all
      .filter(([, measured]) => Number.isFinite(measured))
      .map(([name, measured, goal]) => [name, { measured: round(measured), goal }]),
  )
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
