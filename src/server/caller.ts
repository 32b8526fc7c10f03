import { createHmac, randomBytes } from 'node:crypto'
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
import { credentialsFromHeaders } from './given-credentials.ts'
import type { GivenCredentials } from './given-credentials.ts'
import { createSessions, unauthorized } from './sessions.ts'
import type { Sessions } from './sessions.ts'
import { createTurns } from './turns.ts'

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
  /** Tells key and secret from all others, and is no secret: whose turns, and whose running queries. */
  name: string
  /** The log sources whose rows may be read: one or none. */
  scope: readonly string[]
  /** How far the log source is being read; null without one, and for the operator's own. */
  lease: LeaseStatus | null
  /** A visitor of the demo, who may change nothing. */
  read_only: boolean
  /** Takes one of the caller's turns, with a client that ends with it and a signal that ends it. */
  turn: Turn
}

export type Turn = <T>(work: (client: SpacesClient, signal: AbortSignal) => Promise<T>) => Promise<T>

export interface Callers {
  /** Throws InvalidError for what is missing, no name, or a refused endpoint. */
  claim(given: GivenCredentials): Claim
  /** A turn for what has not been proven. */
  turnOf(claim: Claim): Turn
  /** Proves the log bucket that a request names, if it does, and keeps its lease. Throws what `Proofs.prove` throws. */
  identify(request: Request, given: GivenCredentials): Promise<Caller>
  /** What a request comes with: in its headers, or in its session. Throws InvalidError where that is nothing. */
  givenBy(request: Request): GivenCredentials
  /** As `identify`, of what a request comes with. */
  identifyRequest(request: Request): Promise<Caller>
  /** Says from where a request comes, which refused credentials are counted by. */
  comesFrom(request: Request, address: string): void
  /** The log source that a request of before was found to come from. */
  sourceOf(request: Request): string | null
  /** A name for the key and secret in the headers, where they have been proven before; it says nothing of the present. */
  provenBefore(headers: Headers): string | null
  sessions: Sessions
  /** A turn for whoever has the API key. */
  operatorTurn: <T>(work: () => Promise<T>) => Promise<T>
}

export interface CallersOptions {
  policy: EndpointPolicy
  proofs: Proofs
  leases: Pick<Leases, 'renew'>
  sessions?: Sessions
}

const turn_ms = 100_000
const namesKept = 10_000
// A page asks about twenty things at once, and may be open more than once.
const turnsOfCaller = { at_once: 4, waiting: 100 }
// Each may be a few queries: more of them would wait for a connection, and for too long.
const turnsOfOperator = { at_once: 8, waiting: 1_000 }

export function createCallers(options: CallersOptions): Callers {
  const { policy, proofs, leases, sessions = createSessions() } = options
  const turns = createTurns(turnsOfCaller)
  const operatorTurns = createTurns(turnsOfOperator)
  const sources = new WeakMap<Request, string>()
  const addresses = new WeakMap<Request, string>()
  const proven = new Set<string>()
  const pepper = randomBytes(32)

  function claim(given: GivenCredentials): Claim {
    const { key, secret } = given
    if (!key || !secret)
      throw new InvalidError('Cannot answer without a Spaces key and its secret', 'give both', 'unauthorized')
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

  async function identify(request: Request, given: GivenCredentials, read_only = false): Promise<Caller> {
    const claimed = claim(given)
    const { access, logs } = claimed
    const name = nameOf(given)
    const known = { ...claimed, name, read_only, turn: turnNamed(name, access) }
    if (!logs) return { ...known, scope: [], lease: null }
    const { endpoint, region, key, secret } = access
    const { bucket: logBucket, prefix: logPrefix } = logs
    const right = await proofs.prove(
      { endpoint, region, key, secret, logBucket, logPrefix },
      addresses.get(request),
    )
    const [source] = right.sources
    proven.add(name)
    const [oldest] = proven
    if (proven.size > namesKept && oldest !== undefined) proven.delete(oldest)
    const lease = leases.renew(right)
    sources.set(request, source)
    return { ...known, scope: [source], lease }
  }

  function givenBy(request: Request): GivenCredentials {
    const identity = sessions.of(request)?.identity
    if (identity && identity.kind !== 'admin') return { ...identity.given, secret: identity.secret.reveal() }
    const given = credentialsFromHeaders(request.headers)
    if (!given.key || !given.secret) throw missingCredentials(request, given)
    return given
  }

  /** Tells callers apart without keeping what they sent. */
  function nameOf({ key, secret }: GivenCredentials): string {
    return createHmac('sha256', pepper)
      .update(JSON.stringify([key, secret]))
      .digest('hex')
  }

  return {
    claim,
    turnOf: ({ access }) => turnNamed(nameOf({ ...access, secret: access.secret.reveal() }), access),
    identify: (request, given) => identify(request, given),
    givenBy,
    async identifyRequest(request) {
      return identify(request, givenBy(request), sessions.of(request)?.identity.kind === 'demo')
    },
    comesFrom: (request, address) => void addresses.set(request, address),
    sourceOf: (request) => sources.get(request) ?? null,
    provenBefore(headers) {
      const name = nameOf(credentialsFromHeaders(headers))
      return proven.has(name) ? name : null
    },
    sessions,
    operatorTurn: (work) => operatorTurns.take('', work),
  }
}

// A listing of millions of objects is longer silent than Bun lets a request be.
const silent_seconds = 120

/** For routes that need Spaces credentials: gives them `caller`, before anything else about a request is looked at. */
export function requireCaller(callers: Callers) {
  return new Elysia().derive({ as: 'scoped' }, async function needCaller({ request, server }) {
    server?.timeout(request, silent_seconds)
    return { caller: await callers.identifyRequest(request) }
  })
}

/** For routes that read rows: gives them `scope`, all sources for the API key and the caller's own for Spaces credentials. */
export function requireScope(hasApiKey: HasApiKey, callers: Callers) {
  return new Elysia().derive({ as: 'scoped' }, async function needScope({ request }): Promise<RowAccess> {
    if (hasApiKey(request)) return { scope: null, inTurn: callers.operatorTurn }
    if (!namesCaller(request, callers)) {
      throw unauthorized(
        request,
        'Cannot answer without the right API key',
        'send it in the header X-API-Key; or send Spaces credentials: X-Spaces-Key, X-Spaces-Secret and X-Log-Bucket',
      )
    }
    const caller = await callers.identifyRequest(request)
    needLogs(caller)
    return { scope: caller.scope, inTurn: (work) => caller.turn(() => work()) }
  })
}

/** Whether a request without the right API key says who asks; a wrong one is not made good by what else is sent. */
export function namesCaller(request: Request, { sessions }: Pick<Callers, 'sessions'>): boolean {
  const { headers } = request
  if (headers.has('x-api-key')) return false
  return headers.has('x-spaces-key') || headers.has('x-spaces-secret') || sessions.of(request) !== null
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

/** For what changes something. */
export function needWrite({ read_only }: Caller): void {
  if (!read_only) return
  throw new InvalidError(
    'Cannot change anything in the demo',
    'sign in with Spaces credentials of your own',
    'forbidden',
  )
}

function missingCredentials(request: Request, { key, secret }: GivenCredentials): InvalidError {
  const names = [...(key ? [] : ['X-Spaces-Key']), ...(secret ? [] : ['X-Spaces-Secret'])]
  return unauthorized(
    request,
    `Cannot answer without Spaces credentials: ${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} missing`,
    'send an access key in X-Spaces-Key and its secret in X-Spaces-Secret',
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
