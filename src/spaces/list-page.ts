import { InvalidError } from '../errors.ts'
import type { SpacesClient } from './client.ts'
import { listObjects } from './list.ts'
import type { ListedObject } from './list.ts'

/** Objects in key order; `next_cursor` is null on the last page. */
export interface ObjectPage {
  objects: ListedObject[]
  next_cursor: string | null
}

export interface ListPageOptions {
  bucket: string
  prefix: string
  /** 1 to 1000. */
  limit: number
  /** `next_cursor` of the page before. */
  cursor?: string | undefined
  signal: AbortSignal
}

/** One page of a listing. Throws InvalidError for what is no cursor. */
export async function listPage(
  client: SpacesClient,
  { bucket, prefix, limit, cursor, signal }: ListPageOptions,
): Promise<ObjectPage> {
  const after = cursor === undefined ? {} : { after: keyOf(cursor) }
  const found: ListedObject[] = []
  // One more than is shown, to see whether there is a next page.
  const pages = listObjects(client, { bucket, prefix, ...after, signal, pageSize: Math.min(limit + 1, 1000) })
  for await (const page of pages) {
    found.push(...page)
    if (found.length > limit) break
  }
  const objects = found.slice(0, limit)
  return { objects, next_cursor: found.length > limit ? cursorOf(objects.at(-1)?.key ?? '') : null }
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url')
}

function keyOf(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString()
  if (key !== '' && Buffer.byteLength(key) <= 1024 && cursorOf(key) === cursor) return key
  throw new InvalidError('Cannot use this cursor', 'pass next_cursor of the page before, unchanged')
}
