import { credentialFields, headerNamed } from '../api/parameters.ts'
import { InvalidError } from '../errors.ts'

/** Credentials as they came, in headers or in a body; an empty text counts as not given. */
export type GivenCredentials = { [Name in keyof typeof credentialFields]?: string | undefined }

const names = Object.keys(credentialFields) as (keyof GivenCredentials)[]

/** Prefixes may be sent as UTF-8 or percent-encoded; in both a % stands for itself only as %25. */
export function credentialsFromHeaders(headers: Headers): GivenCredentials {
  return collect((name) => {
    const value = headers.get(headerNamed(name))
    return value !== null && name.endsWith('prefix') ? decoded(value) : value
  })
}

/** What a body says of who asks, before it is checked; undefined where it says nothing. */
export function credentialsFromBody(body: unknown): GivenCredentials | undefined {
  const given = collect((name) => {
    const value = (body as Record<string, unknown> | null | undefined)?.[name]
    return typeof value === 'string' && value.length <= 1024 ? value : null
  })
  return given.spaces_key || given.spaces_secret ? given : undefined
}

function collect(valueOf: (name: string) => string | null): GivenCredentials {
  return Object.fromEntries(names.map((name) => [name, valueOf(name) ?? undefined]))
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

// A header is bytes, which arrive one to a character.
function decoded(value: string): string {
  if (!/[%\x80-\xff]/.test(value)) return value
  const bytes = value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    throw new InvalidError('Cannot read the prefix: its bytes are no UTF-8', 'send it percent-encoded')
  }
}
