import type { CheckedBucket, CredentialCheck, Problem, ReadLease } from '../api/storage.ts'
import { InvalidError } from '../errors.ts'
import type { LogSniff } from '../log-objects/answers.ts'
import { sniffLogs } from '../log-objects/sniff.ts'
import type { LeaseStatus } from '../pipeline/answers.ts'
import type { FoundBucket, Place } from '../spaces/answers.ts'
import { enableLoggingCommand, readBucketLogging } from '../spaces/bucket-logging.ts'
import { isBucketName } from '../spaces/bucket-name.ts'
import { findBuckets } from '../spaces/buckets.ts'
import type { SpacesClient } from '../spaces/client.ts'
import type { Claim } from './caller.ts'

export interface CredentialCheckOptions {
  claim: Claim
  client: SpacesClient
  /** Proves the log bucket; rejects with InvalidError where it is refused. */
  prove: () => Promise<{ source: string | null; seen: string[]; lease?: LeaseStatus | null }>
  now_ms: number
  signal: AbortSignal
}

const bucketsAtMost = 100
const atOnce = 5

/** Looks at all that credentials are for. Throws UnavailableError when the object store does not answer. */
export async function checkCredentials(options: CredentialCheckOptions): Promise<CredentialCheck> {
  const { claim, client, prove, now_ms, signal } = options
  const { endpoint, region } = claim.access
  const proof = await attempt(prove)
  const place = proof.value && claim.logs
  // A key that may list may still not read.
  const sniff = place ? await attempt(() => sniffLogs(client, { ...place, now_ms, signal })) : null
  const found = sniff?.value ?? null
  const lease = readLease(proof.value?.lease ?? null)
  const logs = claim.logs && {
    ...claim.logs,
    readable: found !== null,
    problem: proof.problem ?? sniff?.problem ?? null,
    found,
    lease,
  }
  const answer: CredentialCheck = {
    valid: place !== null,
    problem: null,
    endpoint,
    region,
    can_list_buckets: false,
    buckets: [],
    truncated: false,
    logs,
  }
  // What is plainly wrong is not tried again and again.
  if (proof.problem?.code === 'bad_credentials') return { ...answer, problem: proof.problem }

  const named = [claim.logs, claim.metrics].flatMap((place) => place?.bucket ?? [])
  // Logs hold whatever clients and servers wrote.
  const seen = [...(proof.value?.seen ?? []), ...(found?.buckets ?? [])].filter(isBucketName)
  const list = await attempt(() => findBuckets(client, { named, seen }, signal))
  if (!list.value) return { ...answer, problem: list.problem }
  const { can_list, buckets } = list.value
  // Nothing may be told to write its logs to a bucket that has been mistaken for the log bucket.
  const target = claim.logs ? (isLogPlace(found) ? claim.logs : null) : unnamed
  const checked = await checkBuckets(buckets.slice(0, bucketsAtMost), { client, endpoint, target, signal })
  const valid = answer.valid || can_list || checked.some(({ logging }) => logging.state !== 'unknown')
  return {
    ...answer,
    valid,
    problem: valid ? null : (proof.problem ?? nothingAllowed),
    can_list_buckets: can_list,
    buckets: checked,
    truncated: buckets.length > bucketsAtMost,
  }
}

function readLease(lease: LeaseStatus | null): ReadLease | null {
  if (!lease) return null
  const { source: _, expires_ms, ...rest } = lease
  return { ...rest, expires_at: new Date(expires_ms).toISOString() }
}

const nothingAllowed: Problem = {
  code: 'forbidden',
  message: 'Cannot tell whether the key is right: it may not list buckets, and no log bucket is named',
  hint: 'name a bucket that it may read with X-Log-Bucket',
}

const unnamed: Place = { bucket: 'YOUR-LOG-BUCKET', prefix: '' }

function isLogPlace(found: LogSniff | null): boolean {
  return found !== null && (found.holds_access_logs || found.objects_read === 0)
}

async function checkBuckets(
  buckets: readonly FoundBucket[],
  options: { client: SpacesClient; endpoint: string; target: Place | null; signal: AbortSignal },
): Promise<CheckedBucket[]> {
  const { client, endpoint, target, signal } = options
  const checked: CheckedBucket[] = []
  for (let from = 0; from < buckets.length; from += atOnce) {
    const some = buckets.slice(from, from + atOnce).map(async (bucket): Promise<CheckedBucket> => {
      const logging = await readBucketLogging(client, bucket.name, signal)
      const needed = target !== null && logging.state !== 'on' && bucket.name !== target.bucket
      const command = needed
        ? enableLoggingCommand({
            endpoint,
            bucket: bucket.name,
            log_bucket: target.bucket,
            log_prefix: target.prefix,
          })
        : null
      return { ...bucket, logging, enable_logging_command: command }
    })
    checked.push(...(await Promise.all(some)))
  }
  return checked
}

/** A refusal is an answer here. */
async function attempt<T>(
  work: () => Promise<T>,
): Promise<{ value: T; problem: null } | { value: null; problem: Problem }> {
  try {
    return { value: await work(), problem: null }
  } catch (error) {
    if (!(error instanceof InvalidError) || error.code === 'too_many_attempts') throw error
    return { value: null, problem: { code: error.code, message: error.message, hint: error.hint ?? null } }
  }
}
