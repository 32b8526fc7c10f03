import { createHmac, randomBytes } from 'node:crypto'
import { InvalidError } from '../errors.ts'
import type { LeaseStatus } from '../pipeline/answers.ts'
import type { Leases } from '../pipeline/leases.ts'
import { Secret } from '../secret.ts'
import type { Place } from '../spaces/answers.ts'
import { checkBucketName } from '../spaces/bucket-name.ts'
import { createSpacesClient } from '../spaces/client.ts'
import type { SpacesAccess, SpacesClient } from '../spaces/client.ts'
import type { EndpointPolicy } from '../spaces/endpoint-policy.ts'
import type { Proofs } from '../spaces/proof.ts'
import { credentialsFromHeaders } from './given-credentials.ts'
import type { GivenCredentials } from './given-credentials.ts'
import { createTurns } from './turns.ts'

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

/** From where credentials come, as refused ones are counted by; and whether they are lent for looking alone. */
export interface From {
  address?: string
  read_only?: boolean
}

export interface Callers {
  /** Throws InvalidError for what is missing, no name, or a refused endpoint. */
  claim(given: GivenCredentials): Claim
  /** A turn for what has not been proven. */
  turnOf(claim: Claim): Turn
  /** Proves the log bucket that is named, if one is, and keeps its lease. Throws what `Proofs.prove` throws. */
  identify(given: GivenCredentials, from?: From): Promise<Caller>
  /** A name for the key and secret in the headers, where they have been proven before; it says nothing of the present. */
  provenBefore(headers: Headers): string | null
  /** A turn for whoever has the API key. */
  operatorTurn: <T>(work: () => Promise<T>) => Promise<T>
}

export interface CallersOptions {
  policy: EndpointPolicy
  proofs: Proofs
  leases: Pick<Leases, 'renew'>
}

const turn_ms = 100_000
const namesKept = 10_000
// A page asks about twenty things at once, and may be open more than once.
const turnsOfCaller = { at_once: 4, waiting: 100 }
// Each may be a few queries: more of them would wait for a connection, and for too long.
const turnsOfOperator = { at_once: 8, waiting: 1_000 }

export function createCallers(options: CallersOptions): Callers {
  const { policy, proofs, leases } = options
  const turns = createTurns(turnsOfCaller)
  const operatorTurns = createTurns(turnsOfOperator)
  const proven = new Set<string>()
  const pepper = randomBytes(32)

  function claim(given: GivenCredentials): Claim {
    const { spaces_key: key, spaces_secret: secret } = given
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

  async function identify(
    given: GivenCredentials,
    { address, read_only = false }: From = {},
  ): Promise<Caller> {
    const claimed = claim(given)
    const { access, logs } = claimed
    const name = nameOf(given.spaces_key, given.spaces_secret)
    const known = { ...claimed, name, read_only, turn: turnNamed(name, access) }
    if (!logs) return { ...known, scope: [], lease: null }
    const { endpoint, region, key, secret } = access
    const { bucket: logBucket, prefix: logPrefix } = logs
    const right = await proofs.prove({ endpoint, region, key, secret, logBucket, logPrefix }, address)
    proven.add(name)
    const [oldest] = proven
    if (proven.size > namesKept && oldest !== undefined) proven.delete(oldest)
    return { ...known, scope: [right.sources[0]], lease: right.is_empty ? null : leases.renew(right) }
  }

  /** Tells callers apart without keeping what they sent. */
  function nameOf(key: string | undefined, secret: string | undefined): string {
    return createHmac('sha256', pepper)
      .update(JSON.stringify([key, secret]))
      .digest('hex')
  }

  return {
    claim,
    turnOf: ({ access }) => turnNamed(nameOf(access.key, access.secret.reveal()), access),
    identify,
    provenBefore(headers) {
      const { spaces_key, spaces_secret } = credentialsFromHeaders(headers)
      const name = nameOf(spaces_key, spaces_secret)
      return proven.has(name) ? name : null
    },
    operatorTurn: (work) => operatorTurns.take('', work),
  }
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

function placeOf(what: 'log' | 'metrics', bucket: string | undefined, prefix: string): Place | null {
  if (!bucket) return null
  if (Buffer.byteLength(prefix) > 512 || /[\x00-\x1f\x7f]/.test(prefix) || !prefix.isWellFormed())
    throw new InvalidError(
      `Cannot use the ${what} prefix`,
      'write at most 512 bytes without control characters',
    )
  return { bucket: checkBucketName(bucket, `the ${what} bucket`), prefix }
}
