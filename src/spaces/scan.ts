import type { SpacesClient } from './client.ts'
import { listObjects } from './list.ts'
import type { ListedObject } from './list.ts'

/** What was looked at. */
export interface Scan {
  objects: number
  bytes: number
  /** True when a limit ended the listing before its end: then all numbers are too small. */
  truncated: boolean
}

export interface ScanOptions {
  bucket: string
  prefix: string
  signal: AbortSignal
  /** Where the listing ends at the latest; what the options leave out is that of `scanLimits`. */
  limits?: Partial<typeof scanLimits>
}

/** A page of 1,000 takes 0.1 to 0.3 s at Spaces, so that time ends most listings that do not end by themselves. */
export const scanLimits = { objects: 5_000_000, time_ms: 60_000 }

/** Lists a whole prefix page by page, in the memory of one page. */
export async function scanObjects(
  client: SpacesClient,
  { bucket, prefix, signal, limits }: ScanOptions,
  visit: (page: readonly ListedObject[]) => void,
): Promise<Scan> {
  const most = { ...scanLimits, ...limits }
  const end_ms = performance.now() + most.time_ms
  const scan: Scan = { objects: 0, bytes: 0, truncated: false }
  for await (const page of listObjects(client, { bucket, prefix, signal })) {
    // Only a page after the limit shows that there is more.
    if (page.length > 0 && (scan.objects >= most.objects || performance.now() > end_ms))
      return { ...scan, truncated: true }
    for (const { bytes } of page) scan.bytes += bytes
    scan.objects += page.length
    visit(page)
  }
  return scan
}
