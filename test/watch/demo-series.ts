import { createLineCutter } from '../../src/logs/lines.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import type { Operation } from '../../src/logs/record.ts'
import { interval_ms } from '../../src/watch/series.ts'
import type { Sample, Series } from '../../src/watch/series.ts'

/** The operations in a log object's text. */
export function operationsOf(text: string): Operation[] {
  const cutter = createLineCutter()
  const parser = createRunParser()
  return [...cutter.push(Buffer.from(text)), ...cutter.end()].flatMap((run) => parser.parse(run).operations)
}

/** What a plain loop counts: a series for each bucket and format, as the watcher should read it from the store. */
export function countSeries(operations: Iterable<Operation>, from_ms: number, closed_ms: number): Series[] {
  const groups = Map.groupBy(
    [...operations].filter(
      ({ is_request, ts }) => is_request && ts / 1000 < closed_ms && ts / 1000 >= from_ms,
    ),
    ({ format, bucket }) => `${format}/${bucket}`,
  )
  return [...groups].map(([name, group]) => {
    const [format = '', bucket = ''] = name.split('/')
    const at = (operation: Operation) => Math.floor(operation.ts / 1000 / interval_ms)
    const first = Math.min(...group.map(at))
    const samples: Sample[] = []
    const times: number[][] = []
    for (let i = first; i < closed_ms / interval_ms; i++) {
      samples.push({ requests: 0, errors_5xx: 0, bytes_sent: 0, latency_ms: null, timed: 0 })
      times.push([])
    }
    for (const operation of group) {
      const sample = samples[at(operation) - first]
      if (!sample) continue
      sample.requests++
      if ((operation.status ?? 0) >= 500) sample.errors_5xx++
      sample.bytes_sent += operation.bytes_sent
      const latency = format === 'cdn' ? operation.total_ms : operation.turnaround_ms
      if (latency !== null) times[at(operation) - first]?.push(latency)
    }
    for (const [i, sample] of samples.entries()) {
      const sorted = (times[i] ?? []).toSorted((a, b) => a - b)
      sample.timed = sorted.length
      sample.latency_ms = sorted[Math.ceil(sorted.length / 2) - 1] ?? null
    }
    return { subject: { source: 'plain-loop', format, bucket }, first_ms: first * interval_ms, samples }
  })
}
