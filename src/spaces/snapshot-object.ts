import { gzipSync } from 'node:zlib'
import { Upload } from '@aws-sdk/lib-storage'
import type { SpacesClient } from './client.ts'
import { explainS3 } from './explain.ts'

/**
 * Writes one new object of gzipped JSON lines under `prefix/dt=YYYY-MM-DD/hour=HH/` (UTC) and gives its key. Every call
 * has a name of its own: nothing is ever read, changed or written over.
 */
export async function writeSnapshotObject(
  client: SpacesClient,
  snapshot: { bucket: string; prefix: string; name: string; at_ms: number; lines: readonly object[] },
  signal: AbortSignal,
): Promise<string> {
  const { bucket, prefix, name, at_ms, lines } = snapshot
  const at = new Date(at_ms).toISOString()
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const time = at.replace(/[-:.]/g, '')
  const key = `${folder}dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/${name}-${time}-${crypto.randomUUID()}.jsonl.gz`
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const upload = new Upload({
    client,
    params: { Bucket: bucket, Key: key, Body: gzipSync(text), ContentType: 'application/gzip' },
  })
  signal.addEventListener('abort', () => void upload.abort(), { once: true })
  await upload.done().catch((cause: unknown) => {
    throw explainS3(cause, `write to the metrics bucket ${bucket}`)
  })
  return key
}
