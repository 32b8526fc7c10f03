import { InvalidError } from '../errors.ts'
import { createLineCutter } from '../logs/lines.ts'
import type { Run } from '../logs/lines.ts'
import { createRunParser } from '../logs/parse.ts'
import type { Operation } from '../logs/record.ts'
import type { SpacesClient } from '../spaces/client.ts'
import { keepTop } from '../spaces/keep-top.ts'
import { listObjects } from '../spaces/list.ts'
import type { ListedObject } from '../spaces/list.ts'
import { readRange } from '../spaces/read-range.ts'
import type { LogSniff } from './answers.ts'
import { expand } from './expand.ts'

const objectsRead = 3
const head_bytes = 64 << 10
const pagesLookedAt = 5
const day_ms = 86_400_000

/** Reads the beginnings of the newest log objects, by their content and not by their names. */
export async function sniffLogs(
  client: SpacesClient,
  place: { bucket: string; prefix: string; now_ms: number; signal: AbortSignal },
): Promise<LogSniff> {
  const { newest, objects, truncated } = await findNewest(client, place)
  const found = { operations: [] as Operation[], refused: 0, lag_ms: null as number | null, newest_us: 0 }
  for (const object of newest) {
    const { operations, refused } = await parseHead(client, place, object)
    found.operations.push(...operations)
    found.refused += refused
    const latest = operations.reduce((most, { ts }) => Math.max(most, ts), 0)
    if (latest > found.newest_us)
      Object.assign(found, { newest_us: latest, lag_ms: Math.max(0, object.modified_ms - latest / 1000) })
  }
  const { operations, refused, lag_ms, newest_us } = found
  const [first] = newest
  return {
    objects,
    truncated,
    objects_read: newest.length,
    holds_access_logs: operations.length > refused,
    formats: distinct(operations.map(({ format }) => format)),
    lines: operations.length,
    lines_refused: refused,
    buckets: distinct(operations.flatMap(({ bucket }) => bucket ?? [])),
    newest_object: first ? { key: first.key, modified: new Date(first.modified_ms).toISOString() } : null,
    newest_event: newest_us > 0 ? new Date(newest_us / 1000).toISOString() : null,
    delivery_lag_seconds: lag_ms === null ? null : lag_ms / 1000,
  }
}

/** Names of log objects mostly begin with their date, so that the newest are found at once in a bucket of any size. */
async function findNewest(
  client: SpacesClient,
  { bucket, prefix, now_ms, signal }: { bucket: string; prefix: string; now_ms: number; signal: AbortSignal },
): Promise<{ newest: ListedObject[]; objects: number; truncated: boolean }> {
  const yesterday = new Date(now_ms - day_ms).toISOString().slice(0, 10)
  for (const after of [{ after: prefix + yesterday }, {}]) {
    const newest = keepTop<ListedObject>(objectsRead, (a, b) => b.modified_ms - a.modified_ms)
    let objects = 0
    let pages = 0
    let truncated = 'after' in after
    for await (const page of listObjects(client, { bucket, prefix, ...after, signal })) {
      if (pages++ === pagesLookedAt) {
        truncated = true
        break
      }
      objects += page.length
      newest.add(page.filter(({ bytes }) => bytes > 0))
    }
    if (newest.result().length > 0 || !('after' in after))
      return { newest: newest.result(), objects, truncated }
  }
  return { newest: [], objects: 0, truncated: false }
}

async function parseHead(
  client: SpacesClient,
  { bucket, signal }: { bucket: string; signal: AbortSignal },
  object: ListedObject,
): Promise<{ operations: Operation[]; refused: number }> {
  const head = await readRange(client, bucket, object, { from: 0, length: head_bytes }, signal)
  const cutter = createLineCutter()
  const runs: Run[] = []
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield head
  }
  try {
    for await (const chunk of expand(bytes)) runs.push(...cutter.push(chunk))
  } catch (error) {
    // The head of a gzip stream ends before its end.
    if (!(error instanceof InvalidError)) throw error
  }
  const isWhole = head.length >= object.bytes
  const rest = cutter.end()
  runs.push(...(isWhole ? rest : rest.map(withoutLastLine)))
  const parser = createRunParser()
  const parsed = runs.map((run) => ({ ...parser.parse(run), tooLong: run.refused.length }))
  return {
    operations: parsed.flatMap(({ operations }) => operations),
    refused: parsed.reduce((sum, { refused, tooLong }) => sum + refused.length + tooLong, 0),
  }
}

function withoutLastLine(run: Run): Run {
  const end = run.bytes.lastIndexOf(10, run.bytes.length - 1) + 1
  return { ...run, bytes: run.bytes.subarray(0, end) }
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)].toSorted()
}
