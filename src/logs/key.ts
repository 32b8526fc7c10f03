import type { OperationKind } from './operation.ts'
import { printable } from './printable.ts'

/** `text` percent-decoded once; null when it is not valid UTF-8 in percent-encoding. */
export function percentDecode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/**
 * The object key that the column Key stands for. S3 logs it encoded twice (BATCH.* and S3.*: once, space as `+`); Ceph
 * does not encode. So the path of the request, which is always encoded once, decides when it agrees with one of these
 * readings. What cannot be decoded stays as logged.
 */
export function decodeKey(
  logged: string,
  kind: OperationKind,
  request_uri: string | null,
  bucket: string | null,
): string {
  if (kind.key_encoding === 'form') {
    const text = logged.replaceAll('+', ' ')
    return printable((text.includes('%') ? percentDecode(text) : text) ?? logged)
  }
  if (!logged.includes('%')) return logged
  const once = percentDecode(logged)
  const twice = once === null ? null : percentDecode(once)
  for (const path of pathsOf(request_uri, bucket)) {
    const key = percentDecode(path)
    if (key === null) continue
    if (key === twice || key === once || key === logged) return printable(key)
    // Whether S3 logs a space as %2520 or as %2B is not known: the path says which it was.
    if (twice !== null && key.replaceAll('+', ' ') === twice.replaceAll('+', ' ')) return printable(key)
  }
  return printable(twice ?? logged)
}

/** The first path segment of `key`; null when there is none. */
export function keyPrefix(key: string): string | null {
  const slash = key.indexOf('/')
  return slash > 0 ? key.slice(0, slash) : null
}

// Virtual-hosted (`/key`) first, then path-style (`/bucket/key`).
function pathsOf(request_uri: string | null, bucket: string | null): string[] {
  const match = /^[A-Z]+ (\/[^?]*?)(?:\?.*)?(?: HTTP\/[\d.]+)?$/s.exec(request_uri ?? '')
  const path = match?.[1]
  if (path === undefined) return []
  const stripped = bucket !== null && path.startsWith(`/${bucket}/`) ? [path.slice(bucket.length + 2)] : []
  return [path.slice(1), ...stripped]
}
