import type { Detector, Figures } from './detector.ts'
import type { FindingAnswer, findingStates, markStates } from './answers.ts'

export type FindingState = (typeof findingStates)[number]

/** A row of `sightings`. */
export interface Sighting {
  at_ms: number
  source: string
  detector: string
  /** JSON of the subject's values, in the detector's order. */
  subject: string
  figures: Figures
}

/** A row of `finding_marks`. */
export interface Mark {
  marked_ms: number
  source: string
  detector: string
  subject: string
  /** A moment of the finding that was marked. */
  about_ms: number
  state: (typeof markStates)[number]
  note: string | null
  ends_ms: number | null
}

/** Sightings of one subject without a pause in between. */
export interface Finding {
  id: string
  detector: Detector
  source: string
  subject: string
  state: FindingState
  mark: Mark | null
  /** The oldest first; never empty. */
  sightings: readonly Sighting[]
  started_ms: number
  ended_ms: number
  history: FindingAnswer['history']
}

const hour_ms = 3_600_000
export const length_ms = { hour: hour_ms, day: 24 * hour_ms } as const
/** What is seen again within this is the same finding, that had been over. */
const pause_ms = { hour: 24 * hour_ms, day: 7 * 24 * hour_ms } as const

export interface Known {
  sightings: readonly Sighting[]
  marks: readonly Mark[]
  /** Until when each source was judged. */
  judged_ms: ReadonlyMap<string, number>
  now_ms: number
}

/** What was seen, as findings, the newest first. A pure function: what is stored is sightings alone. */
export function findingsOf(detectors: readonly Detector[], known: Known): Finding[] {
  const byName = new Map(detectors.map((detector) => [detector.name, detector]))
  const subjects = Map.groupBy(known.sightings, keyOf)
  const marks = Map.groupBy(known.marks, keyOf)
  const found: Finding[] = []
  for (const [key, all] of subjects) {
    const detector = byName.get(all[0]?.detector ?? '')
    if (!detector) continue
    for (const run of runsOf(all, detector)) found.push(findingOf(detector, run, marks.get(key) ?? [], known))
  }
  return found.toSorted(
    (a, b) => b.ended_ms - a.ended_ms || b.started_ms - a.started_ms || (a.id < b.id ? -1 : 1),
  )
}

/** True of the finding that has this id, or had it before late logs moved its beginning. */
export function isNamed(finding: Finding, id: string): boolean {
  const [subject, hour] = id.split('-')
  const at_ms = Number.parseInt(hour ?? '', 36) * hour_ms
  return subjectHash(finding) === subject && at_ms >= finding.started_ms && at_ms < finding.ended_ms
}

function keyOf({ source, detector, subject }: Pick<Sighting, 'source' | 'detector' | 'subject'>): string {
  return `${source}\n${detector}\n${subject}`
}

function subjectHash({
  source,
  detector,
  subject,
}: Pick<Finding, 'source' | 'detector' | 'subject'>): string {
  const parts = JSON.stringify([source, detector.name, subject])
  return new Bun.CryptoHasher('sha256').update(parts).digest('hex').slice(0, 20)
}

function runsOf(all: readonly Sighting[], { every }: Detector): Sighting[][] {
  const runs: Sighting[][] = []
  for (const sighting of all.toSorted((a, b) => a.at_ms - b.at_ms)) {
    const last = runs.at(-1)
    const before_ms = last?.at(-1)?.at_ms ?? -Infinity
    if (last && sighting.at_ms - before_ms <= pause_ms[every]) last.push(sighting)
    else runs.push([sighting])
  }
  return runs
}

function findingOf(
  detector: Detector,
  sightings: readonly Sighting[],
  marks: readonly Mark[],
  { judged_ms, now_ms }: Known,
): Finding {
  const { source, subject, at_ms: started_ms } = sightings[0] as Sighting
  const length = length_ms[detector.every]
  const ended_ms = (sightings.at(-1)?.at_ms ?? started_ms) + length
  const isWithin = (ms: number): boolean => ms >= started_ms && ms < ended_ms
  // Who mutes a finding mutes what comes later of the same subject too.
  const own = marks
    .filter((mark) => isWithin(mark.about_ms) || (mark.state === 'muted' && mark.about_ms < started_ms))
    .toSorted((a, b) => a.marked_ms - b.marked_ms)
  const newest = own.at(-1)
  const isOver = ended_ms + length <= (judged_ms.get(source) ?? 0)
  const bare = isOver ? 'over' : 'open'
  const holds = newest && newest.state !== 'open' && (newest.ends_ms === null || newest.ends_ms > now_ms)
  const named = { detector, source, subject }
  return {
    ...named,
    id: `${subjectHash(named)}-${(started_ms / hour_ms).toString(36)}`,
    state: holds ? newest.state : bare,
    mark: holds ? newest : null,
    sightings,
    started_ms,
    ended_ms,
    history: historyOf(sightings, length, isOver, own, now_ms),
  }
}

function historyOf(
  sightings: readonly Sighting[],
  length: number,
  isOver: boolean,
  marks: readonly Mark[],
  now_ms: number,
): Finding['history'] {
  const changes: { at_ms: number; state: FindingState; note?: string | null; until_ms?: number | null }[] = []
  let ended_ms = -Infinity
  for (const { at_ms } of sightings) {
    if (at_ms > ended_ms) {
      if (ended_ms > 0) changes.push({ at_ms: ended_ms, state: 'over' })
      changes.push({ at_ms, state: 'open' })
    }
    ended_ms = at_ms + length
  }
  if (isOver) changes.push({ at_ms: ended_ms, state: 'over' })
  for (const { marked_ms, state, note, ends_ms } of marks) {
    changes.push({ at_ms: marked_ms, state, note, until_ms: ends_ms })
    if (ends_ms !== null && ends_ms <= now_ms)
      changes.push({ at_ms: ends_ms, state: isOver ? 'over' : 'open' })
  }
  return changes
    .toSorted((a, b) => a.at_ms - b.at_ms)
    .map(({ at_ms, state, note = null, until_ms = null }) => ({
      at: new Date(at_ms).toISOString(),
      state,
      note,
      until: until_ms === null ? null : new Date(until_ms).toISOString(),
    }))
}
