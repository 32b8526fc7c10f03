import type { Remedy } from './detector.ts'
import { json } from './quote.ts'

interface Denial {
  Sid: string
  /** Everybody, unless told. */
  Principal?: unknown
  Action: string | string[]
  Resource: string | string[]
  Condition?: object
}

/** A bucket policy that denies, as put-bucket-policy takes it. */
export function denying(...denials: Denial[]): string {
  const statements = denials.map(({ Sid, ...denial }) => ({ Sid, Effect: 'Deny', Principal: '*', ...denial }))
  return json({ Version: '2012-10-17', Statement: statements })
}

/** The remedy that is such a policy. */
export function denialRemedy(what: string, denial: Denial): Remedy {
  const title = `Bucket policy: ${what} (put-bucket-policy replaces the one there is)`
  return { title, language: 'json', text: denying(denial) }
}

/** The remedy that refuses one address all of a bucket. */
export function refusedAddress(bucket: unknown, address: unknown): Remedy {
  // Without a length it would be /32, of IPv6 too.
  const length = String(address).includes(':') ? 128 : 32
  return denialRemedy('refuse this address', {
    Sid: 'RefuseAddress',
    Action: 's3:*',
    Resource: allOf(bucket),
    Condition: { IpAddress: { 'aws:SourceIp': `${address}/${length}` } },
  })
}

/** A requester as policies name it; everybody where the log tells no ARN, as a policy could not name it. */
export function principalOf(requester: unknown): unknown {
  return String(requester).startsWith('arn:') ? { AWS: requester } : '*'
}

/** The bucket and all in it. */
export function allOf(bucket: unknown): string[] {
  return [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
}
