import type { AccessEvent } from '../../src/demo/access-event.ts'
import { cdnLine } from '../../src/demo/cdn-line.ts'
import { generate } from '../../src/demo/generate.ts'
import type { DemoObject } from '../../src/demo/log-object.ts'
import { s3Line } from '../../src/demo/s3-line.ts'
import { createTruth } from '../../src/demo/truth.ts'
import { createLineCutter } from '../../src/logs/lines.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import type { Refusal } from '../../src/logs/record.ts'
import { openLedger } from '../../src/pipeline/ledger.ts'
import { startReading } from '../../src/pipeline/messages.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { textOf, WEEK } from '../demo/demo-week.ts'
import { refreshRollups } from '../support/rollups.ts'
import type { openTestStore } from '../support/store.ts'
import { edgeRecords } from './edge-records.ts'

/** A log object, counted from the records that the generator put into it. */
export interface DemoLogObject {
  key: string
  delivered_ms: number
  records: number
  newest_ms: number | null
  /** The lines that are no record. */
  noise: readonly string[]
}

export interface DemoSnapshot {
  at_ms: number
  bucket: string
  objects: number
  bytes: number
  truncated: boolean
  incomplete_upload_bytes: number
}

/** What truths are counted from: what the generator did in a week, and snapshots of two of its buckets. */
export interface DemoData {
  /** Text as it is stored: none that is empty, and no control characters. */
  records: readonly AccessEvent[]
  logObjects: readonly DemoLogObject[]
  snapshots: readonly DemoSnapshot[]
}

/** The moment that questions about the week are asked. */
export const now_ms = WEEK.to_ms

/** The week before `now_ms`. No line is in it twice, so that the records of each object are known. */
export function generateDemo(): DemoData & { objects: readonly DemoObject[] } {
  const records: AccessEvent[] = []
  const logObjects: DemoLogObject[] = []
  const objects: DemoObject[] = []
  let mine: AccessEvent[] = []
  const truth = { ...createTruth(), add: (event: AccessEvent) => void mine.push({ ...event }) }
  for (const object of generate({ ...WEEK, repeated_share: 0 }, truth)) {
    const lines = textOf(object).split('\n').slice(0, -1)
    const fields = lines
      .find((line) => line.startsWith('#Fields: '))
      ?.slice(9)
      .split(' ')
    const written = new Set(mine.map((event) => (fields ? cdnLine(event, fields) : s3Line(event))))
    objects.push(object)
    logObjects.push({
      key: object.key,
      delivered_ms: object.delivered_ms,
      records: mine.length,
      newest_ms: mine.length === 0 ? null : Math.max(...mine.map(({ at_ms }) => at_ms)),
      noise: lines.filter((line) => line !== '' && !line.startsWith('#') && !written.has(line)),
    })
    records.push(...mine.map(asStored))
    mine = []
  }
  addEdges(records, logObjects, objects)
  return { records, logObjects, snapshots: makeSnapshots(), objects }
}

function asStored(event: AccessEvent): AccessEvent {
  const key = event.key === null ? null : printed(event.key)
  return { ...event, key, user_agent: event.user_agent || null }
}

/** Text without control characters, as it is stored. */
export function printed(text: string): string {
  return text.replace(/[\u0000-\u001f]/g, '\ufffd')
}

// A log object of edge cases that is delivered before its newest record, as clocks differ; and one without records.
function addEdges(records: AccessEvent[], logObjects: DemoLogObject[], objects: DemoObject[]): void {
  const plain = records.find(({ operation, status, requester, bucket }) => {
    return (
      operation === 'REST.GET.OBJECT' && status === 200 && requester !== null && bucket.name === 'app-uploads'
    )
  })
  if (!plain) throw new Error('the week has a signed GET')
  const edges = edgeRecords(plain, now_ms - 7_200_000)
  const noise = ['<Error><Code>InternalError</Code></Error>', '<Error><Code>SlowDown</Code></Error>']
  const newest_ms = Math.max(...edges.map(({ at_ms }) => at_ms))
  const add = (
    key: string,
    made: readonly AccessEvent[],
    rest: readonly string[],
    delivered_ms: number,
  ): void => {
    const lines = [...made.map(s3Line), ...rest]
    objects.push({ key, body: Buffer.from(`${lines.join('\n')}\n`), lines: lines.length, delivered_ms })
    const newest = made.length === 0 ? null : newest_ms
    logObjects.push({ key, delivered_ms, records: made.length, newest_ms: newest, noise: rest })
  }
  add('access-logs/edges', edges, noise, newest_ms - 1000)
  add('access-logs/without-records', [], noise, newest_ms)
  records.push(...edges)
}

// The last snapshot of db-backups ended at a limit, and says too little.
function makeSnapshots(): DemoSnapshot[] {
  return [0, 1, 2, 3, 4, 5].flatMap((day) => [
    {
      at_ms: WEEK.from_ms + (day + 0.5) * 86_400_000,
      bucket: 'media-assets',
      objects: 4_000 + day * 25,
      bytes: 5_000_000_000 + day * 123_456_789,
      truncated: false,
      incomplete_upload_bytes: day * 1_000_000,
    },
    {
      at_ms: WEEK.from_ms + (day + 0.25) * 86_400_000,
      bucket: 'db-backups',
      objects: day === 5 ? 10 : 700 - day,
      bytes: day === 5 ? 1_000 : 300_000_000_000 - day * 2_000_000_000,
      truncated: day === 5,
      incomplete_upload_bytes: 0,
    },
  ])
}

/** Puts the week where the pipeline would, under this log source; resolves when rows and rollups are visible. */
export async function storeDemo(
  { objects, snapshots }: ReturnType<typeof generateDemo>,
  store: Awaited<ReturnType<typeof openTestStore>>,
  source: string,
): Promise<void> {
  const rowBuffer = createRowBuffer()
  const ledger = openLedger(source, store.query, store.appender)
  const bodies: Uint8Array[] = []
  const readings = []
  for (const object of objects) {
    const { reading, operations, refusals } = readObject(object)
    bodies.push(rowBuffer.append(operations, originOf(source, object.key)).bytes.slice())
    readings.push(reading)
    await ledger.keepRefused(reading, refusals)
  }
  const rejected = await store.write(new Uint8Array(Buffer.concat(bodies)))
  if (rejected.length > 0) throw new Error(`QuestDB rejects ${JSON.stringify(rejected[0])}`)
  await ledger.finish(readings)
  await store.appender.append(
    'snapshots',
    snapshots.map(({ at_ms, bucket, ...columns }) => ({
      ts_ms: at_ms,
      symbols: { source, bucket },
      columns,
    })),
  )
  await store.visible()
  await refreshRollups(store.address)
}

function readObject({ key, body, delivered_ms: modified_ms, ...rest }: DemoObject) {
  const parser = createRunParser()
  const cutter = createLineCutter()
  const runs = [...cutter.push(Buffer.from(textOf({ body }))), ...cutter.end()]
  const parsed = runs.map((run) => parser.parse(run))
  const operations = parsed.flatMap((run) => run.operations)
  const refusals: Refusal[] = parsed.flatMap((run) => run.refused)
  const times = operations.map(({ ts }) => ts)
  const reading = {
    ...startReading({ key, etag: 'etag', bytes: body.length, modified_ms }),
    lines: rest.lines,
    rows: operations.length,
    refused: refusals.length,
    blank: rest.lines - operations.length - refusals.length,
    oldest_us: times.length === 0 ? null : Math.min(...times),
    newest_us: times.length === 0 ? null : Math.max(...times),
  }
  return { reading, operations, refusals }
}
