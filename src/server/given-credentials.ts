import { InvalidError } from '../errors.ts'

/** Credentials as they came, in headers or in a body; an empty text counts as not given. */
export interface GivenCredentials {
  key?: string | undefined
  secret?: string | undefined
  log_bucket?: string | undefined
  log_prefix?: string | undefined
  metrics_bucket?: string | undefined
  metrics_prefix?: string | undefined
  region?: string | undefined
  endpoint?: string | undefined
}

/** Prefixes may be sent as UTF-8 or percent-encoded; in both a % stands for itself only as %25. */
export function credentialsFromHeaders(headers: Headers): GivenCredentials {
  const get = (name: string): string | undefined => headers.get(name) ?? undefined
  const name = (header: string): string | undefined => decoded(get(header))
  return {
    key: get('x-spaces-key'),
    secret: get('x-spaces-secret'),
    log_bucket: get('x-log-bucket'),
    log_prefix: name('x-log-prefix'),
    metrics_bucket: get('x-metrics-bucket'),
    metrics_prefix: name('x-metrics-prefix'),
    region: get('x-region'),
    endpoint: get('x-endpoint'),
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

// A header is bytes, which arrive one to a character.
function decoded(value: string | undefined): string | undefined {
  if (value === undefined || !/[%\x80-\xff]/.test(value)) return value
  const bytes = value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    throw new InvalidError('Cannot read the prefix: its bytes are no UTF-8', 'send it percent-encoded')
  }
}
