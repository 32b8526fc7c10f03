import { InvalidError } from '../errors.ts'
import type { PriceList } from '../cost/price-list.ts'
import type { Gate } from '../gate/gate.ts'
import { inScope } from '../metrics/filter.ts'
import type { Scope } from '../metrics/filter.ts'
import { parseWindow } from '../metrics/window.ts'
import type { Query } from '../store/query.ts'
import { findingSeverities, findingStates } from './answers.ts'
import type {
  FindingAnswer,
  FindingEntry,
  FindingEvidence,
  FindingList,
  Judged,
  markStates,
} from './answers.ts'
import { evidenceSql } from './bind-sql.ts'
import type { Detector, Figures } from './detector.ts'
import { findingsOf, isNamed, length_ms } from './finding.ts'
import type { Finding, Mark } from './finding.ts'
import type { Sightings } from './sightings.ts'
import type { Thresholds } from './thresholds.ts'

/** Filters; several values with commas between them. */
export interface FindingsParams {
  state?: string | undefined
  severity?: string | undefined
  bucket?: string | undefined
  detector?: string | undefined
  /** How far back it was seen last: 30 days by default. */
  window?: string | undefined
  /** 100 by default. */
  limit?: number | undefined
}

export interface GivenMark {
  state: (typeof markStates)[number]
  note?: string | undefined
  /** ISO 8601; of a mute alone, which needs it. */
  until?: string | undefined
}

/** For whom. */
export interface FindingsReader {
  scope: Scope
  turns_of: string
  signal?: AbortSignal | undefined
}

/** What was found, of the sources of a scope alone. */
export interface Findings {
  list(params: FindingsParams, scope: Scope): Promise<FindingList>
  /** With evidence, remedies and history. Throws InvalidError `not_found`, also for one of another scope. */
  read(id: string, reader: FindingsReader): Promise<FindingAnswer>
  /** Says something of a finding; throws as `read`, and InvalidError for a mute without note or end. */
  mark(id: string, given: GivenMark, reader: FindingsReader): Promise<FindingAnswer>
}

export interface FindingsOptions {
  query: Query
  gate: Pick<Gate, 'run'>
  sightings: Sightings
  detectors: readonly Detector[]
  thresholds: Thresholds
  prices: PriceList
  /** Days that are still to be judged, by source. */
  waiting: () => ReadonlyMap<string, number>
  now: () => number
}

const mostSightings = 50_000
const evidenceRows = 100
const evidence_ms = 7 * 86_400_000
const longestMute_ms = 366 * 86_400_000

export function createFindings(options: FindingsOptions): Findings {
  const { query, gate, sightings, detectors, thresholds, prices, waiting, now } = options

  async function readAll(
    scope: Scope,
    given: readonly Mark[] = [],
  ): Promise<{ found: Finding[]; judged: Judged[] }> {
    const [known, judged] = await Promise.all([sightings.read(scope, mostSightings), readJudged(scope)])
    const judged_ms = new Map(judged.map(({ source, until }) => [source, Date.parse(until)]))
    const marks = [
      ...known.marks.filter((one) => !given.some((mark) => mark.marked_ms === one.marked_ms)),
      ...given,
    ]
    return { found: findingsOf(detectors, { ...known, marks, judged_ms, now_ms: now() }), judged }
  }

  async function readJudged(scope: Scope): Promise<Judged[]> {
    const { rows } = await query(
      `SELECT source, min(ts), max(until) FROM judged_days WHERE ${inScope(scope)} GROUP BY source ORDER BY source`,
    )
    const iso = (value: unknown): string => new Date(String(value)).toISOString()
    return rows.map(([source, from, until]) => ({
      source: String(source),
      from: iso(from),
      until: iso(until),
      waiting_days: waiting().get(String(source)) ?? 0,
    }))
  }

  async function find(id: string, scope: Scope, given: readonly Mark[] = []): Promise<Finding> {
    const finding = (await readAll(scope, given)).found.find((one) => isNamed(one, id))
    if (finding) return finding
    throw new InvalidError(
      `Cannot find the finding '${id.slice(0, 60)}'`,
      'GET /findings lists them',
      'not_found',
    )
  }

  async function answer(finding: Finding, reader: FindingsReader): Promise<FindingAnswer> {
    const { detector, sightings: all, history } = finding
    const { measure, question } = detector
    const values = thresholds[detector.name] ?? {}
    const { figures } = worst(finding)
    const evidence: FindingEvidence[] = []
    for (const { title, sql: template, before_days = 0 } of detector.evidence) {
      const sql = evidenceSql(template, detector, { source: finding.source, figures, values })
      const first_ms =
        Math.max(finding.started_ms, finding.ended_ms - evidence_ms) - before_days * length_ms.day
      const from = new Date(first_ms).toISOString()
      const to = new Date(finding.ended_ms).toISOString()
      const { columns, rows, truncated } = await gate.run({ ...reader, sql, from, to, limit: evidenceRows })
      evidence.push({ title, sql, from, to, columns, rows, truncated })
    }
    return {
      ...entryOf(finding, prices),
      question,
      figures,
      measure,
      thresholds: Object.entries(detector.thresholds).map(([name, threshold]) => ({
        name,
        value: numberOrNull(values[name]) ?? threshold.default,
        ...threshold,
      })),
      evidence,
      remedies: detector.remedies(figures).map((remedy) => ({ ...remedy })),
      history,
      sightings: all.map(({ at_ms, figures: one }) => ({
        at: new Date(at_ms).toISOString(),
        value: numberOrNull(one[measure]),
      })),
    }
  }

  return {
    async list({ window = '30d', limit = 100, ...filters }, scope) {
      const { from_ms } = parseWindow({ from: window }, now(), false)
      const wanted = {
        state: words('state', filters.state, findingStates),
        severity: words('severity', filters.severity, findingSeverities),
        detector: words(
          'detector',
          filters.detector,
          detectors.map(({ name }) => name),
        ),
        bucket: filters.bucket?.split(',') ?? null,
      }
      const { found, judged } = await readAll(scope)
      const entries = found
        .filter(({ ended_ms }) => ended_ms > from_ms)
        .map((finding) => entryOf(finding, prices))
      const kept = entries.filter((entry) =>
        (['state', 'severity', 'detector', 'bucket'] as const).every(
          (name) => wanted[name] === null || wanted[name].includes(String(entry[name])),
        ),
      )
      return { findings: kept.slice(0, limit), judged, truncated: kept.length > limit }
    },
    read: async (id, reader) => answer(await find(id, reader.scope), reader),
    async mark(id, { state, note = '', until }, reader) {
      const finding = await find(id, reader.scope)
      const ends_ms = until === undefined ? null : Date.parse(until)
      const isMute = state === 'muted'
      if (
        isMute &&
        (note === '' || ends_ms === null || !(ends_ms > now()) || ends_ms > now() + longestMute_ms)
      )
        throw new InvalidError(
          'Cannot mute without a reason and an end',
          'send note, and until within a year, such as 2030-01-31T00:00:00Z',
          'invalid_parameter',
        )
      if (!isMute && until !== undefined)
        throw new InvalidError('Cannot use until: only a mute ends', 'leave it out', 'invalid_parameter')
      const { source, detector, subject, started_ms } = finding
      const mark: Mark = {
        marked_ms: now(),
        source,
        detector: detector.name,
        subject,
        about_ms: started_ms,
        state,
        note: note || null,
        ends_ms,
      }
      await sightings.mark(mark)
      // It may not be visible in the store yet.
      return answer(await find(id, reader.scope, [mark]), reader)
    },
  }
}

function entryOf(finding: Finding, prices: PriceList): FindingEntry {
  const { id, detector, state, source, subject, mark, sightings, started_ms, ended_ms } = finding
  const { name, title, severity, every, standing } = detector
  const { figures } = worst(finding)
  const values = JSON.parse(subject) as Figures[string][]
  const named = Object.fromEntries(detector.subject.map((column, at) => [column, values[at] ?? null]))
  const counted = standing ? [worst(finding)] : sightings
  const sum = (column: string): number | null => {
    const numbers = counted.flatMap((one) => numberOrNull(one.figures[column]) ?? [])
    return numbers.length === 0 ? null : numbers.reduce((all, one) => all + one, 0)
  }
  const time = (column: string, other_ms: number, pick: (...values: number[]) => number): string => {
    const times = sightings
      .map((one) => Date.parse(String(one.figures[column])))
      .filter((ms) => !Number.isNaN(ms))
    return new Date(times.length === 0 ? other_ms : pick(...times)).toISOString()
  }
  const [requests, bytes] = [sum('requests'), sum('bytes')]
  const days = (ended_ms - started_ms) / length_ms.day
  return {
    id,
    detector: name,
    title,
    severity,
    state,
    source,
    bucket: typeof named['bucket'] === 'string' ? named['bucket'] : null,
    subject: named,
    says: detector.says(figures),
    every,
    first_seen: time('first_seen', started_ms, Math.min),
    last_seen: time('last_seen', ended_ms, Math.max),
    seen: sightings.length,
    requests,
    bytes,
    usd_per_month: detector.usd?.({ ...figures, requests, bytes }, days, prices) ?? null,
    note: mark?.note ?? null,
    muted_until: mark?.ends_ms ? new Date(mark.ends_ms).toISOString() : null,
  }
}

/** Of several hours or days the one that is told. */
function worst({ detector: { measure, standing }, sightings }: Finding): Finding['sightings'][number] {
  const [first, ...others] = standing ? sightings.slice(-1) : sightings
  const of = ({ figures }: Finding['sightings'][number]): number => numberOrNull(figures[measure]) ?? 0
  return others.reduce(
    (most, one) => (of(one) > of(most) ? one : most),
    first as Finding['sightings'][number],
  )
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function words(name: string, value: string | undefined, known: readonly string[]): readonly string[] | null {
  if (value === undefined) return null
  const all = value.split(',')
  const unknown = all.find((one) => !known.includes(one))
  if (unknown === undefined) return all
  throw new InvalidError(
    `Cannot filter by ${name} '${unknown.slice(0, 60)}'`,
    `write one of ${known.join(', ')}`,
    'invalid_parameter',
  )
}
