import { inScope } from '../metrics/filter.ts'
import type { Scope } from '../metrics/filter.ts'
import type { Appender } from '../store/append.ts'
import type { Query } from '../store/query.ts'
import { list, text, timestamp } from '../store/sql.ts'
import type { Figures } from './detector.ts'
import type { Mark, Sighting } from './finding.ts'

/** The tables `sightings` and `finding_marks`. */
export interface Sightings {
  /** What of the sources is seen, and what was said of it; no more than `most` sightings, the newest. */
  read(scope: Scope, most: number): Promise<{ sightings: Sighting[]; marks: Mark[] }>
  /** Puts what detectors see in a stretch of time in the place of what they saw in it before. */
  replace(judged: JudgedTime, seen: readonly Sighting[]): Promise<void>
  mark(mark: Mark): Promise<void>
}

export interface JudgedTime {
  source: string
  /** Names. */
  detectors: readonly string[]
  from_ms: number
  until_ms: number
  now_ms: number
}

export function createSightings(query: Query, append: Appender['append']): Sightings {
  return {
    async read(scope, most) {
      const [seen, marks] = await Promise.all([
        query(`SELECT ts, source, detector, subject, figures FROM sightings
WHERE seen AND ${inScope(scope)} ORDER BY ts DESC LIMIT ${most}`),
        query(`SELECT ts, source, detector, subject, about, state, note, ends_at FROM finding_marks
WHERE ${inScope(scope)} ORDER BY ts`),
      ])
      return { sightings: seen.rows.map(sightingOf), marks: marks.rows.map(markOf) }
    },
    async replace({ source, detectors, from_ms, until_ms, now_ms }, seen) {
      if (detectors.length === 0) return
      const { rows } = await query(`SELECT ts, source, detector, subject, figures FROM sightings
WHERE seen AND source = ${text(source)} AND detector IN ${list(detectors)}
  AND ts >= ${timestamp(from_ms)} AND ts < ${timestamp(until_ms)}`)
      const keyOf = ({ at_ms, detector, subject }: Sighting): string => `${at_ms}\n${detector}\n${subject}`
      const kept = new Set(seen.map(keyOf))
      const gone = rows.map(sightingOf).filter((sighting) => !kept.has(keyOf(sighting)))
      const changed = [
        ...seen.map((sighting) => ({ ...sighting, seen: true })),
        ...gone.map((sighting) => ({ ...sighting, seen: false })),
      ]
      if (changed.length === 0) return
      await append(
        'sightings',
        changed.map(({ at_ms, detector, subject, figures, seen: isSeen }) => ({
          ts_ms: at_ms,
          symbols: { source, detector },
          columns: { subject, seen: isSeen, figures: JSON.stringify(figures), judged_at: new Date(now_ms) },
        })),
      )
    },
    mark({ marked_ms, source, detector, subject, about_ms, state, note, ends_ms }) {
      const ends_at = ends_ms === null ? null : new Date(ends_ms)
      const columns = { subject, about: new Date(about_ms), note, ends_at }
      return append('finding_marks', [{ ts_ms: marked_ms, symbols: { source, detector, state }, columns }])
    },
  }
}

// Only this file writes these tables.
function sightingOf([ts, source, detector, subject, figures]: readonly unknown[]): Sighting {
  return {
    at_ms: Date.parse(String(ts)),
    source: String(source),
    detector: String(detector),
    subject: String(subject),
    figures: JSON.parse(String(figures)) as Figures,
  }
}

function markOf([ts, source, detector, subject, about, state, note, ends_at]: readonly unknown[]): Mark {
  return {
    marked_ms: Date.parse(String(ts)),
    source: String(source),
    detector: String(detector),
    subject: String(subject),
    about_ms: Date.parse(String(about)),
    state: state as Mark['state'],
    note: typeof note === 'string' ? note : null,
    ends_ms: typeof ends_at === 'string' ? Date.parse(ends_at) : null,
  }
}
