import { createHash } from 'node:crypto'
import { Elysia } from 'elysia'
import { InvalidError } from '../errors.ts'
import type { Scope } from '../metrics/filter.ts'
import type { Leases, LeaseStatus } from '../pipeline/leases.ts'
import { Secret } from '../secret.ts'
import { checkBucketName } from '../spaces/bucket-name.ts'
import { createSpacesClient } from '../spaces/client.ts'
import type { SpacesAccess, SpacesClient } from '../spaces/client.ts'
import type { EndpointPolicy } from '../spaces/endpoint-policy.ts'
import type { Proofs } from '../spaces/proof.ts'
import type { HasApiKey } from './auth.ts'
import { createTurns } from './turns.ts'

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

/** A bucket and what keys in it begin with. */
export interface Place {
  bucket: string
  prefix: string
}

/** Who asks, as far as can be said without asking the object store. */
export interface Claim {
  access: SpacesAccess
  logs: Place | null
  metrics: Place | null
}

/** Who asks. Without a log bucket nothing is proven, and the object store decides about every call. */
export interface Caller extends Claim {
  /** The log sources whose rows may be read: one or none. */
  scope: readonly string[]
  /** How far the log source is being read; null without one, and for the operator's own. */
  lease: LeaseStatus | null
  /** Takes one of the caller's turns, with a client that ends with it and a signal that ends it. */
  turn: Turn
}

export type Turn = <T>(work: (client: SpacesClient, signal: AbortSignal) => Promise<T>) => Promise<T>

export interface Callers {
  /** Throws InvalidError for what is missing, no name, or a refused endpoint. */
  claim(given: GivenCredentials): Claim
  /** A turn for what has not been proven. */
  turnOf(claim: Claim): Turn
  /** Proves the log bucket, where one is named, and keeps its lease. Throws what `Proofs.prove` throws. */
  identify(given: GivenCredentials): Promise<Caller>
  /** As `identify`, from the headers. */
  identifyRequest(request: Request): Promise<Caller>
  /** The log source that a request of before was found to come from. */
  sourceOf(request: Request): string | null
}

export interface CallersOptions {
  policy: EndpointPolicy
  proofs: Proofs
  leases: Pick<Leases, 'renew'>
}

const turn_ms = 100_000

export function createCallers({ policy, proofs, leases }: CallersOptions): Callers {
  const turns = createTurns({ at_once: 4, waiting: 20 })
  const sources = new WeakMap<Request, string>()

  function claim(given: GivenCredentials): Claim {
    const { key, secret } = given
    if (!key || !secret) throw missingCredentials(!key, !secret)
    if (!/^[!-~]{1,128}$/.test(key) || !/^[!-~]{1,256}$/.test(secret))
      throw new InvalidError('Cannot use the Spaces key and secret', 'write both as they were given to you')
    return {
      access: { ...policy.check(given.endpoint, given.region), key, secret: new Secret(secret) },
      logs: placeOf('log', given.log_bucket, given.log_prefix ?? ''),
      metrics: placeOf('metrics', given.metrics_bucket, given.metrics_prefix || 'spacewatch-metrics/'),
    }
  }

  function turnNamed(name: string, access: SpacesAccess): Turn {
    return (work) =>
      turns.take(name, async () => {
        const client = createSpacesClient(access)
        return work(client, AbortSignal.timeout(turn_ms)).finally(() => client.destroy())
      })
  }

  async function identify(given: GivenCredentials): Promise<Caller> {
    const claimed = claim(given)
    const { access, logs } = claimed
    if (!logs) return { ...claimed, scope: [], lease: null, turn: turnNamed(nameOf(access), access) }
    const { endpoint, region, key, secret } = access
    const { bucket: logBucket, prefix: logPrefix } = logs
    const proven = await proofs.prove({ endpoint, region, key, secret, logBucket, logPrefix })
    const [source] = proven.sources
    return { ...claimed, scope: [source], lease: leases.renew(proven), turn: turnNamed(source, access) }
  }

  return {
    claim,
    turnOf: ({ access }) => turnNamed(nameOf(access), access),
    identify,
    async identifyRequest(request) {
      const caller = await identify(credentialsFromHeaders(request.headers))
      const [source] = caller.scope
      if (source !== undefined) sources.set(request, source)
      return caller
    },
    sourceOf: (request) => sources.get(request) ?? null,
  }
}

export function credentialsFromHeaders(headers: Headers): GivenCredentials {
  const get = (name: string): string | undefined => headers.get(name) ?? undefined
  return {
    key: get('x-spaces-key'),
    secret: get('x-spaces-secret'),
    log_bucket: get('x-log-bucket'),
    log_prefix: get('x-log-prefix'),
    metrics_bucket: get('x-metrics-bucket'),
    metrics_prefix: get('x-metrics-prefix'),
    region: get('x-region'),
    endpoint: get('x-endpoint'),
  }
}

// A listing of millions of objects is longer silent than Bun lets a request be.
const silent_seconds = 120

/** For routes that need Spaces credentials: gives them `caller`, before anything else about a request is looked at. */
export function requireCaller(callers: Callers) {
  return new Elysia().derive({ as: 'scoped' }, async ({ request, server }) => {
    server?.timeout(request, silent_seconds)
    return { caller: await callers.identifyRequest(request) }
  })
}

/** For routes that read rows: gives them `scope`, all sources for the API key and the caller's own for Spaces credentials. */
export function requireScope(hasApiKey: HasApiKey, callers: Callers) {
  return new Elysia().derive({ as: 'scoped' }, async ({ request }): Promise<RowAccess> => {
    if (hasApiKey(request)) return { scope: null, inTurn: (work) => work() }
    if (!request.headers.has('x-spaces-key') && !request.headers.has('x-spaces-secret')) {
      throw new InvalidError(
        'Cannot answer without the right API key',
        'send it in the header X-API-Key; or send Spaces credentials: X-Spaces-Key, X-Spaces-Secret and X-Log-Bucket',
        'unauthorized',
      )
    }
    const caller = await callers.identifyRequest(request)
    needLogs(caller)
    return { scope: caller.scope, inTurn: (work) => caller.turn(() => work()) }
  })
}

// A type, as Elysia takes no interface here.
type RowAccess = {
  scope: Scope
  /** Runs what reads rows when it is its turn. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** The log source of a caller, who must have named one. */
export function needLogs({ logs, scope }: Caller): Place & { source: string } {
  const [source] = scope
  if (logs && source !== undefined) return { ...logs, source }
  throw new InvalidError(
    'Cannot answer without a log bucket: the header X-Log-Bucket is missing',
    'send the bucket that access logs are delivered to',
    'invalid_parameter',
  )
}

function missingCredentials(key: boolean, secret: boolean): InvalidError {
  const names = [...(key ? ['X-Spaces-Key'] : []), ...(secret ? ['X-Spaces-Secret'] : [])]
  return new InvalidError(
    `Cannot answer without Spaces credentials: ${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} missing`,
    'send an access key in X-Spaces-Key and its secret in X-Spaces-Secret',
    'unauthorized',
  )
}

function placeOf(what: 'log' | 'metrics', bucket: string | undefined, prefix: string): Place | null {
  if (!bucket) return null
  if (Buffer.byteLength(prefix) > 512 || /[\x00-\x1f\x7f]/.test(prefix) || !prefix.isWellFormed())
    throw new InvalidError(
      `Cannot use the ${what} prefix`,
      'write at most 512 bytes without control characters',
    )
  return { bucket: checkBucketName(bucket, `the ${what} bucket`), prefix }
}

/** Tells apart who has proven nothing; a hash, as it is kept while requests run. */
function nameOf({ endpoint, key, secret }: SpacesAccess): string {
  return createHash('sha256')
    .update(JSON.stringify([endpoint, key, secret.reveal()]))
    .digest('hex')
}
