import { createHmac, randomBytes } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import { InvalidError, UnavailableError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { sourceId } from '../source-config.ts'
import type { SourceConfig } from '../source-config.ts'
import { createAttempts } from './attempts.ts'
import { checkBucketName } from './bucket-name.ts'
import type { EndpointPolicy } from './endpoint-policy.ts'
import { lookIntoLogBucket } from './log-bucket-look.ts'
import type { Look } from './log-bucket-look.ts'

/** What a caller sends. An empty or missing endpoint and region stand for the default. */
export interface Credentials {
  endpoint?: string | undefined
  region?: string | undefined
  key: string
  secret: Secret
  logBucket: string
  logPrefix?: string | undefined
}

/** What a caller has proven that it may read. */
export interface ProvenRight {
  /** The log sources whose rows may be read: one. */
  sources: readonly [string]
  /** How they are read, with the caller's own credentials: for this request, and for a lease. */
  config: SourceConfig
  /** The bucket is empty: nothing has shown that its objects may be read, and there are none. */
  is_empty: boolean
}

export interface ProofOptions {
  policy: EndpointPolicy
  /** The operator's log sources: a caller who can read the bucket of one shares its rows. */
  own?: () => readonly SourceConfig[]
  /** For endpoints that the operator does not vouch for. */
  lookup?: LookupFunction
  /** Milliseconds of a clock that is never set back. */
  now?: () => number
}

export interface Proofs {
  /**
   * Gives the scope of credentials with which a signed listing of the log bucket, and a signed read of its newest object,
   * succeeded within the last 60 s; while the bucket is empty that is a scope without rows.
   * Throws InvalidError (`invalid`, `endpoint_refused`, `bad_credentials`, `forbidden`, `not_found`, `refused`,
   * `too_many_attempts`), or UnavailableError when the object store gives no clear answer: then nothing is proven.
   * Refusals are counted by key and by `from`, the caller's address, so that nobody elsewhere is held up by them.
   */
  prove(credentials: Credentials, from?: string): Promise<ProvenRight>
}

type Found = Pick<Proven, 'source' | 'is_empty'>

interface Proven {
  source: string
  is_empty: boolean
  at_ms: number
}

const valid_ms = 60_000
// Its first log object should be read soon.
const emptyValid_ms = 5_000
const capacity = 10_000
const underWayAtMost = 100
const failuresOfKey = { most: 10, per_ms: 60_000, capacity }

/** Only successes are kept, each under an HMAC of the whole credential whose key dies with the process. */
export function createProofs({
  policy,
  own = () => [],
  lookup,
  now = () => performance.now(),
}: ProofOptions): Proofs {
  const pepper = randomBytes(32)
  // In the order of last use. What is too old still shows that this very credential was once right.
  const proven = new Map<string, Proven>()
  const underWay = new Map<string, Promise<Found>>()
  const attempts = createAttempts({ ...failuresOfKey, now })

  function macOf({ endpoint, key, secret, bucket, prefix }: SourceConfig): string {
    const hmac = createHmac('sha256', pepper)
    for (const part of [endpoint, key, secret.reveal(), bucket, prefix]) {
      const bytes = Buffer.from(part)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      hmac.update(length).update(bytes)
    }
    return hmac.digest('base64')
  }

  function keep(mac: string, entry: Proven): void {
    proven.delete(mac)
    proven.set(mac, entry)
    for (const oldest of proven.keys()) {
      if (proven.size <= capacity) break
      proven.delete(oldest)
    }
  }

  const look = (config: SourceConfig): Promise<Look> =>
    lookIntoLogBucket(config, { lookup, now_ms: Date.now() })

  async function findSource(config: SourceConfig): Promise<Found> {
    const seen = await look(config)
    // Rows of before may be there: a key that has not shown that it may read gets a source that nobody fills.
    if (seen.identity === null)
      return { source: sourceId({ ...config, identity: `unproven key ${config.key}` }), is_empty: true }
    const mine = own().find((source) => samePlace(source, config))
    const isOwn = mine && (await showsSameBucket(mine, config, seen))
    return { source: sourceId(isOwn ? mine : { ...config, identity: seen.identity }), is_empty: false }
  }

  // The name alone does not say that the operator's rows are of this bucket: the operator may have given it up since.
  async function showsSameBucket(mine: SourceConfig, theirs: SourceConfig, seen: Look): Promise<boolean> {
    if (mine.key === theirs.key) return true
    const shown = await look(mine).catch((error: unknown) => {
      if (error instanceof InvalidError) return null
      throw error
    })
    if (!shown) return false
    return shown.identity === seen.identity || shown.objects.some((object) => seen.objects.includes(object))
  }

  async function examine(mac: string, config: SourceConfig, attempt: string): Promise<Found> {
    // Before anything is sent, so that a revocation counts after 60 s at the latest.
    const at_ms = now()
    try {
      const found = await findSource(config)
      keep(mac, { ...found, at_ms })
      return found
    } catch (error) {
      if (error instanceof InvalidError) {
        proven.delete(mac)
        attempts.failed(attempt)
      }
      throw error
    }
  }

  return {
    async prove(credentials, from = '') {
      const config = checkCredentials(credentials, policy)
      const mac = macOf(config)
      const known = proven.get(mac)
      if (known) keep(mac, known)
      if (known && now() - known.at_ms < (known.is_empty ? emptyValid_ms : valid_ms))
        return { sources: [known.source], config, is_empty: known.is_empty }
      let examination = underWay.get(mac)
      if (!examination) {
        const attempt = JSON.stringify([config.endpoint, config.key, from])
        // Others may try secrets for this key, also at one address; who has been right before is not held up by them.
        if (!known) attempts.check(attempt)
        if (underWay.size >= underWayAtMost)
          throw new UnavailableError(
            'Cannot check the key: too many are being checked',
            'try again in a second',
            { code: 'too_many_checks' },
          )
        examination = examine(mac, config, attempt).finally(() => underWay.delete(mac))
        underWay.set(mac, examination)
      }
      const { source, is_empty } = await examination
      return { sources: [source], config, is_empty }
    },
  }
}

function samePlace(a: SourceConfig, b: SourceConfig): boolean {
  return a.endpoint === b.endpoint && a.bucket === b.bucket && a.prefix === b.prefix
}

function checkCredentials(
  { endpoint, region, key, secret, logBucket, logPrefix = '' }: Credentials,
  policy: EndpointPolicy,
): SourceConfig {
  const refuse = (what: string, hint: string): never => {
    throw new InvalidError(`Cannot use ${what}`, hint)
  }
  // What goes into a header must not be able to end it.
  if (!/^[!-~]{1,128}$/.test(key)) refuse('the Spaces key', 'write the access key, such as DO00…')
  if (!/^[!-~]{1,256}$/.test(secret.reveal()))
    refuse('the Spaces secret', 'write the secret of that access key')
  if (Buffer.byteLength(logPrefix) > 1024 || /[\x00-\x1f\x7f]/.test(logPrefix) || !logPrefix.isWellFormed())
    refuse('the log prefix', 'write at most 1,024 bytes without control characters')
  const bucket = checkBucketName(logBucket, 'the log bucket')
  return { ...policy.check(endpoint, region), key, secret, bucket, prefix: logPrefix }
}
