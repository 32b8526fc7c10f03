import type { Appender } from '../../src/store/append.ts'

export interface PlantedFinding {
  source: string
  bucket: string
  requester: string
  /** The hours in which it was seen, by their beginnings in milliseconds since the epoch; default: one, two hours ago. */
  hours_ms?: readonly number[]
}

/** Lets the detector of mass deletions have seen something: the rows that a finding is made of. */
export async function plantFinding(append: Appender['append'], planted: PlantedFinding): Promise<void> {
  const { source, bucket, requester } = planted
  const { hours_ms = [Math.floor(Date.now() / 3_600_000 - 2) * 3_600_000] } = planted
  const subject = { bucket, requester }
  const moment = (ms: number): string => new Date(ms).toISOString()
  await append(
    'sightings',
    hours_ms.map((ts_ms, hour) => ({
      ts_ms,
      symbols: { source, detector: 'mass-deletion' },
      columns: {
        subject: JSON.stringify(Object.values(subject)),
        seen: true,
        figures: JSON.stringify({
          ...subject,
          objects: 30 - hour,
          usual: 0,
          clients: 1,
          requests: 30 - hour,
          first_seen: moment(ts_ms),
          last_seen: moment(ts_ms + 30_000),
        }),
        judged_at: new Date(),
      },
    })),
  )
}
