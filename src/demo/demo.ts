import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UnavailableError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Progress } from '../progress.ts'
import { keepSecret } from '../servers/kept-secret.ts'
import { startS3Proxy } from '../servers/s3proxy.ts'
import type { SourceConfig } from '../source-config.ts'
import { createSpacesClient } from '../spaces/client.ts'
import { fillBuckets } from './fill-buckets.ts'
import { fillDemo } from './fill.ts'
import type { DemoManifest } from './fill.ts'
import { keepDelivering } from './keep-delivering.ts'

export interface DemoModeOptions {
  dataDir: string
  lines: number
  seed: number
  log: Log
  progress: Progress
  signal: AbortSignal
}

/** The demo's log source, and what to end when SpaceWatch stops. */
export interface RunningDemo {
  source: SourceConfig
  stop(): Promise<void>
}

const bucket = 'access-logs'
const prefix = 'logs/'

/**
 * Starts a real S3 server on loopback, fills it with a week of generated access logs, then goes on delivering. What the
 * generator counted is written to `demo-truth.json` in `dataDir`. Throws UnavailableError when the server is late or
 * breaks off; it can then be called again, and goes on where it was.
 */
export async function startDemo({
  dataDir,
  lines,
  seed,
  log,
  progress,
  signal,
}: DemoModeOptions): Promise<RunningDemo> {
  const key = 'demo'
  const secret = keepSecret(join(dataDir, 'demo-secret'))
  const server = await startS3Proxy({
    dataDir,
    accessKey: key,
    secretKey: secret.reveal(),
    log,
    progress: progress.event,
    signal,
  })
  const source = {
    endpoint: server.endpoint,
    region: 'us-east-1',
    key,
    secret,
    bucket,
    prefix,
    pathStyle: true,
  }
  const client = createSpacesClient(source)
  const stop = async (): Promise<void> => {
    client.destroy()
    await server.stop()
  }
  const target = { client, bucket, prefix }
  const fill = async (): Promise<DemoManifest> => {
    const filled = await fillDemo({
      ...target,
      seed,
      lines,
      now_ms: Date.now(),
      signal,
      onProgress: ({ objects, objects_total, lines: written }) =>
        progress.state(`demo: ${objects} of ${objects_total} log objects written, ${written} lines`),
    })
    writeFileSync(join(dataDir, 'demo-truth.json'), JSON.stringify(filled, null, 2))
    await fillBuckets(client, seed, signal)
    return filled
  }
  const manifest = await fill().catch(async (cause: unknown) => {
    await stop()
    throw new UnavailableError(`Cannot fill the demo's buckets: ${String(cause)}`)
  })
  progress.event(`demo: a week of access logs, ${manifest.lines} lines, lies in the bucket ${bucket}`)
  const delivering = keepDelivering({
    ...target,
    manifest,
    signal,
    onProblem: (err) => log.warn({ err }, 'demo delivery'),
  })
  return {
    source,
    async stop() {
      await delivering
      await stop()
    },
  }
}
