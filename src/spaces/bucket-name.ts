import { InvalidError } from '../errors.ts'

// The endings are those at which AWS's client turns to other services (access points, directory buckets, Outposts).
const elsewhere = /--(x|op|ol|table)-s3$|-s3alias$|\.mrap$/

/** Whether a bucket can have this name. */
export function isBucketName(name: string): boolean {
  const fits = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
  return fits && !name.includes('..') && !elsewhere.test(name)
}

/** Gives a name back that a bucket can have; throws InvalidError that names the field `what`. */
export function checkBucketName(name: string, what: string): string {
  if (isBucketName(name)) return name
  throw new InvalidError(
    `Cannot use ${what}: it is no bucket name`,
    'write 3 to 63 lowercase letters, digits, hyphens and single dots, such as my-logs',
  )
}
