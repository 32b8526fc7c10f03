import { setImmediate } from 'node:timers/promises'
import { InvalidError } from '../errors.ts'
import type { Gate } from '../gate/gate.ts'
import type { Log } from '../log.ts'
import type { SourceStatus } from '../pipeline/answers.ts'
import { isReadUp } from '../pipeline/status.ts'
import { readClosedUntil } from '../records/closed.ts'
import { startLooks } from '../retry.ts'
import type { Appender } from '../store/append.ts'
import type { Query } from '../store/query.ts'
import { detectorSql } from './bind-sql.ts'
import { day_ms, dueDays, readJudged, readReads } from './days.ts'
import type { DueDay } from './days.ts'
import type { Detector, Figures } from './detector.ts'
import type { Sighting } from './finding.ts'
import { createSightings } from './sightings.ts'
import { rulesOf } from './thresholds.ts'
import type { Thresholds } from './thresholds.ts'

export interface FinderOptions {
  query: Query
  append: Appender['append']
  gate: Pick<Gate, 'run'>
  detectors: readonly Detector[]
  thresholds: Thresholds
  sources: () => readonly SourceStatus[]
  log: Log
  now?: () => number
  /** Between two looks; a minute. */
  every_ms?: number
}

export interface FinderStatus {
  last_look_ms: number | null
  /** Why the last look failed. */
  reason: string | null
  /** Days that are still to be judged, by source. */
  waiting_days: ReadonlyMap<string, number>
}

export interface Finder {
  status(): FinderStatus
  stop(): Promise<void>
}

/** Subjects of one detector and day that count. */
const mostSubjects = 100

/**
 * Runs every detector over closed time, day by day and the newest first, and keeps what they see in `sightings`. What has
 * been judged stands in the store: after a restart it goes on where it was, and judges days again that late logs, other
 * thresholds or new detectors have changed. A source is judged only while nothing of it waits to be read.
 */
export function startFinder(options: FinderOptions): Finder {
  const {
    query,
    append,
    gate,
    detectors,
    thresholds,
    sources,
    log,
    now = Date.now,
    every_ms = 60_000,
  } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const sightings = createSightings(query, append)
  const rules = rulesOf(detectors, thresholds)
  const waiting = new Map<string, number>()

  async function detect(
    detector: Detector,
    source: string,
    { from_ms, until_ms }: DueDay,
  ): Promise<Sighting[]> {
    const { rows, columns } = await gate.run({
      sql: detectorSql(detector, thresholds[detector.name] ?? {}, from_ms, until_ms),
      scope: [source],
      turns_of: `finder ${source}`,
      limit: mostSubjects,
      from: new Date(from_ms - detector.past_days * day_ms).toISOString(),
      to: new Date(until_ms).toISOString(),
      signal,
    })
    return rows.map((row) => {
      const all = Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])) as Figures
      const { at, ...figures } = all
      const subject = JSON.stringify(detector.subject.map((column) => figures[column] ?? null))
      const at_ms = detector.every === 'hour' ? Date.parse(String(at)) : from_ms
      return { at_ms, source, detector: detector.name, subject, figures }
    })
  }

  async function judgeDay(source: string, day: DueDay): Promise<void> {
    const judged_at = new Date(now())
    const isWhole = day.until_ms === day.from_ms + day_ms
    const seen: Sighting[] = []
    const judging: string[] = []
    for (const detector of detectors.filter(({ every }) => every === 'hour' || isWhole)) {
      try {
        seen.push(...(await detect(detector, source, day)))
        judging.push(detector.name)
      } catch (error) {
        // One that takes too long must not hold up the others.
        if (!(error instanceof InvalidError) || signal.aborted) throw error
        log.warn({ detector: detector.name, source, reason: error.message }, 'detector failed')
      }
      // The HTTP server lives on the same thread.
      await setImmediate()
    }
    await sightings.replace({ ...day, source, detectors: judging, now_ms: judged_at.getTime() }, seen)
    const columns = { until: new Date(day.until_ms), judged_at }
    await append('judged_days', [{ ts_ms: day.from_ms, symbols: { source, rules }, columns }])
  }

  /** Judges what is due of one source until something newer may be: one day at most. */
  async function judgeNewest(source: string, done: Set<number>): Promise<boolean> {
    const now_ms = now()
    const closed_ms = await readClosedUntil(query, source, now_ms)
    if (closed_ms === null) return false
    const [judged, reads] = await Promise.all([readJudged(query, source, rules), readReads(query, source)])
    // What was judged in this look may not be visible yet.
    const due = dueDays({ closed_ms, judged, reads, now_ms }).filter(({ from_ms }) => !done.has(from_ms))
    waiting.set(source, due.length)
    const [newest] = due
    if (!newest) return false
    await judgeDay(source, newest)
    done.add(newest.from_ms)
    waiting.set(source, due.length - 1)
    return due.length > 1
  }

  async function look(): Promise<void> {
    const running = sources().filter(isReadUp)
    for (const source of waiting.keys())
      if (!running.some((one) => one.source === source)) waiting.delete(source)
    // The newest day of every source before the second newest of any.
    let left = running.map(({ source }) => ({ source, done: new Set<number>() }))
    while (left.length > 0) {
      const more: typeof left = []
      for (const one of left) if (!signal.aborted && (await judgeNewest(one.source, one.done))) more.push(one)
      left = more
    }
  }

  const looks = startLooks(look, {
    every_ms,
    signal,
    now,
    onUnexpected: (err) => log.error({ err }, 'finder'),
  })
  return {
    status: () => ({ ...looks.status(), waiting_days: new Map(waiting) }),
    async stop() {
      stopping.abort()
      await looks.finished
    },
  }
}
