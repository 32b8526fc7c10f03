import { InvalidError, UnavailableError } from '../errors.ts'

/** What an S3 error carries, as far as it is known. */
interface S3Failure {
  name?: string
  message?: string
  code?: string
  $metadata?: { httpStatusCode?: number }
  /** The right one, where the object store tells it. */
  Region?: string
  /** Where it was asked for; see client.ts. */
  endpoint?: string
}

// XAdminUserNotFound is versitygw's word for a key that it does not know.
const badCredentials = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'XAdminUserNotFound'])
const away = new Set(['SlowDown', 'ServiceUnavailable', 'InternalError', 'RequestTimeout', 'TooManyRequests'])

/**
 * Turns what the object store's client threw into InvalidError (`code`: bad_credentials, forbidden, not_found, changed,
 * refused) or UnavailableError. Foreign message texts stay in `cause`; `doing` is «list the bucket logs».
 */
export function explainS3(cause: unknown, doing: string): InvalidError | UnavailableError {
  if (cause instanceof InvalidError || cause instanceof UnavailableError) return cause
  const { name = '', code = name, $metadata, Region = '', endpoint } = (cause ?? {}) as S3Failure
  const status = $metadata?.httpStatusCode ?? 0
  const fail = (fact: string, hint: string, code: string): InvalidError =>
    new InvalidError(`Cannot ${doing}: ${fact}`, hint, code, { cause })
  if (badCredentials.has(name))
    return fail(`the key or its secret is wrong (${name})`, 'check both', 'bad_credentials')
  if (name === 'AuthorizationHeaderMalformed') {
    const right = /^[a-z0-9-]{1,40}$/.test(Region) ? `set the region to ${Region}` : 'check the region'
    return fail(`the region is not that of the bucket (${name})`, right, 'refused')
  }
  if (status === 403) return fail('the key may not do that (403)', 'give it Read on the bucket', 'forbidden')
  if (status === 404 || name.startsWith('NoSuch'))
    return fail(`there is no such thing (${name})`, 'check the name', 'not_found')
  if (status === 412) return fail('it has changed meanwhile (412)', 'list it again', 'changed')
  // A redirect is never followed: the right address must be given.
  if (status >= 300 && status < 500 && status !== 429 && status !== 408 && !away.has(name)) {
    return fail(
      `the object store refused it (${status} ${name})`,
      'check the endpoint and the region',
      'refused',
    )
  }
  const store = endpoint === undefined ? 'the object store' : `the object store at ${endpoint}`
  const fact = status > 0 ? `${store} answers ${status} ${name}` : `${store} does not answer (${code})`
  return new UnavailableError(
    `Cannot ${doing}: ${fact}`,
    'check that address and the way there; where SpaceWatch reads logs, it goes on trying',
    { cause, code: 'object_store_away' },
  )
}
