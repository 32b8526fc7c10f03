import type { Health, HealthReason, SourceHealth } from '../api/own.ts'
import type { SourceStatus } from '../pipeline/answers.ts'
import type { ReadClosedFigures } from '../records/closed-figures.ts'
import { silentHours } from '../records/closed.ts'
import type { Refused } from '../records/log-objects.ts'
import type { Query } from '../store/query.ts'
import type { WalStatus } from '../store/wal-watch.ts'

/** Whether QuestDB answers. */
export type Probe = () => Promise<boolean>

export interface HealthOptions {
  probe: Probe
  sources: () => readonly SourceStatus[]
  readFigures: ReadClosedFigures
  /** Of the log objects that were delivered in the last day. */
  readRefused: () => Promise<readonly Refused[]>
  walStatus: () => WalStatus
  now: () => number
}

export type ReadHealth = () => Promise<Health>

const answerWithin_ms = 3_000
const probed_ms = 500
const retryingLong_ms = 60_000
const leastFreeDisk = 0.1
const mostRefused = 0.01
// A handful of lines says nothing about a share.
const leastLines = 100

/** `down` when QuestDB does not answer, `degraded` for any other reason. */
export function createHealth({
  probe,
  sources,
  readFigures,
  readRefused,
  walStatus,
  now,
}: HealthOptions): ReadHealth {
  return async () => {
    const all = sources()
    const answers = await probe()
    const { suspended, disk_free, away } = walStatus()
    const reasons: HealthReason[] = []
    const add = (code: HealthReason['code'], message: string) => reasons.push({ code, message })
    if (!answers) add('questdb_away', 'QuestDB does not answer')
    else if (away !== null) add('questdb_away', 'QuestDB answers no writer')
    if (suspended.length > 0) {
      add('table_suspended', `QuestDB has suspended ${suspended.join(', ')}: new rows stay invisible`)
    }
    if (disk_free !== null && disk_free < leastFreeDisk) {
      add('disk_low', `${Math.floor(disk_free * 100)} % of the disk is free`)
    }
    const sayFor = (code: HealthReason['code'], fact: string, holds: (source: SourceStatus) => boolean) => {
      const found = all.filter(holds).length
      if (found > 0) add(code, `${found} of ${all.length} log sources: ${fact}`)
    }
    sayFor(
      'pipeline_retrying',
      'something that the pipeline needs has been away for over a minute',
      ({ actors }) =>
        actors.some(({ state, since_ms }) => state === 'retrying' && now() - since_ms > retryingLong_ms),
    )
    sayFor('pipeline_stopped', 'an actor has stopped', ({ actors }) =>
      actors.some(({ state }) => state === 'stopped'),
    )
    const refused = answers ? await withinTime(readRefused(), []) : []
    const unreadable = refused.filter(
      ({ lines, lines_refused }) => lines >= leastLines && lines_refused / lines > mostRefused,
    )
    if (unreadable.length > 0) {
      const many = `${unreadable.length} of ${all.length} log sources`
      add('lines_refused', `${many}: over 1 % of the lines of the last day could not be read`)
    }
    const objects_refused = refused.reduce((sum, { objects }) => sum + objects, 0)
    if (objects_refused > 0) {
      add('objects_refused', `${objects_refused} log objects of the last day could not be read to their end`)
    }
    sayFor(
      'source_silent',
      `no log object has come for over ${silentHours} hours`,
      // Whose ledger is empty is waited for from its start.
      ({ listed, newest_delivery_ms, started_ms }) =>
        listed && now() - (newest_delivery_ms ?? started_ms) > silentHours * 3_600_000,
    )
    const status = !answers ? 'down' : reasons.length > 0 ? 'degraded' : 'ok'
    const storage = answers ? await withinTime(readFigures(), null) : null
    return { status, reasons, sources: all.map(sourceHealth), storage }
  }
}

/** Asks QuestDB at most twice a second, whoever asks how often; no answer within three seconds, as of one that is wedged, is none. */
export function createProbe(query: Query): Probe {
  let kept: { at_ms: number; answers: Promise<boolean> } | null = null
  return () => {
    const at_ms = performance.now()
    if (kept && at_ms - kept.at_ms < probed_ms) return kept.answers
    const asked = query('SELECT 1').then(() => true)
    kept = { at_ms, answers: withinTime(asked, false) }
    return kept.answers
  }
}

/** `otherwise` when the work fails or takes longer than three seconds. */
function withinTime<T>(work: Promise<T>, otherwise: T): Promise<T> {
  let timer: Timer | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), answerWithin_ms)
  })
  return Promise.race([work.catch(() => otherwise), late]).finally(() => clearTimeout(timer))
}

function sourceHealth(source: SourceStatus): SourceHealth {
  const { newest_event_ms, newest_delivery_ms } = source
  return {
    ...source,
    newest_event: newest_event_ms === null ? null : new Date(newest_event_ms).toISOString(),
    delivery_lag_seconds: deliveryLag_seconds(newest_event_ms, newest_delivery_ms),
  }
}

/** From an event to the delivery of its log object; null while either is unknown. */
export function deliveryLag_seconds(event_ms: number | null, delivery_ms: number | null): number | null {
  return event_ms === null || delivery_ms === null ? null : Math.max(0, (delivery_ms - event_ms) / 1000)
}
