import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { generate } from '../../src/demo/generate.ts'
import { createLog } from '../../src/log.ts'
import { createLineCutter } from '../../src/logs/lines.ts'
import type { Run } from '../../src/logs/lines.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import { Secret } from '../../src/secret.ts'
import { startS3Proxy } from '../../src/servers/s3proxy.ts'
import type { S3Server } from '../../src/servers/s3proxy.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import type { SpacesClient } from '../../src/spaces/client.ts'

/** The same lines as one file and as two buckets: one of many log objects, one of a single object. */
export interface Dataset {
  dir: string
  /** All lines, in the order of their delivery. */
  file: string
  lines: number
  bytes: number
  objects: number
  /** Rows once all lines are stored: 3 % of the lines are delivered twice. */
  rows: number
}

/** The jars of this checkout: tests and `npm start` share them. */
export const libDir = join(import.meta.dir, '../../.spacewatch/lib')
export const keys = { accessKey: 'bench-access-key', secretKey: 'bench-secret-key' }
export const manyObjects = 'bench-logs'
export const oneObject = 'bench-one-object'
const seed = 1
const to_ms = Date.UTC(2026, 7, 28)
const week_ms = 7 * 86_400_000

/** Opens the data that an earlier run has made, or makes it: seven days of S3 access log, as the others read no CDN log. */
export async function openDataset(lines: number): Promise<Dataset> {
  const dir = join(tmpdir(), `spacewatch-bench-${lines}-of-10000`)
  const manifest = join(dir, 'manifest.json')
  if (!existsSync(manifest)) {
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(dir, { recursive: true })
    writeFileSync(manifest, JSON.stringify(await make(dir, lines)))
  }
  return JSON.parse(readFileSync(manifest, 'utf8')) as Dataset
}

/** The S3 server with both buckets. */
export function serveDataset({ dir }: Pick<Dataset, 'dir'>): Promise<S3Server> {
  return startS3Proxy({
    dataDir: dir,
    libDir,
    port: 0,
    ...keys,
    log: createLog('silent'),
    progress: () => {},
  })
}

/** A client of that server. */
export function clientOf({ endpoint }: Pick<S3Server, 'endpoint'>): SpacesClient {
  const { accessKey: key, secretKey } = keys
  return createSpacesClient({
    endpoint,
    region: 'us-east-1',
    key,
    secret: new Secret(secretKey),
    pathStyle: true,
  })
}

/** The file as the reader hands it on. */
export async function* runsOf({ file }: Pick<Dataset, 'file'>): AsyncGenerator<Run> {
  const cutter = createLineCutter()
  for await (const chunk of Bun.file(file).stream()) yield* cutter.push(chunk)
  yield* cutter.end()
}

async function make(dir: string, lines: number): Promise<Dataset> {
  console.error(`making ${lines} lines in ${dir}`)
  const server = await serveDataset({ dir })
  const client = clientOf(server)
  for (const Bucket of [manyObjects, oneObject]) await client.send(new CreateBucketCommand({ Bucket }))

  const file = join(dir, 'lines.log')
  const out = createWriteStream(file)
  const made = { dir, file, lines: 0, bytes: 0, objects: 0 }
  // Some are CDN logs, which are left out. Objects of some megabytes: what is measured is lines, not requests to S3.
  const plan = {
    seed,
    from_ms: to_ms - week_ms,
    to_ms,
    lines: Math.ceil(lines * 1.2),
    gzip_share: 0,
    lines_per_object: 10_000,
    object_span_ms: 6 * 3_600_000,
  }
  const objects = generate(plan)
  const put = async (): Promise<void> => {
    for (const { key, body, lines: more } of objects) {
      if (body[0] === 35) continue
      if (made.lines >= lines) return
      made.objects++
      made.lines += more
      made.bytes += body.length
      out.write(body)
      await client.send(new PutObjectCommand({ Bucket: manyObjects, Key: key, Body: body }))
    }
  }
  await Promise.all(Array.from({ length: 4 }, put))
  await new Promise<void>((resolve) => out.end(resolve))
  const whole = { Bucket: oneObject, Key: 'access-logs/all', Body: createReadStream(file) }
  await new Upload({ client, params: whole, partSize: 16 << 20 }).done()
  client.destroy()
  await server.stop()
  return { ...made, rows: await countRows(made) }
}

async function countRows(made: Pick<Dataset, 'file'>): Promise<number> {
  const parser = createRunParser()
  const seen = new Set<bigint>()
  for await (const run of runsOf(made))
    for (const { line_hash } of parser.parse(run).operations) seen.add(line_hash)
  return seen.size
}
