import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../secret.ts'

/** Says whether a text is the key, in a time that does not depend on the text. */
export type IsApiKey = (text: string) => boolean

export function createApiKeyCheck(apiKey: Secret): IsApiKey {
  const expected = digest(apiKey.reveal())
  return (text) => timingSafeEqual(digest(text), expected)
}

// Of equal length for any key, as timingSafeEqual needs.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
