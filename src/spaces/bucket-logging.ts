import { GetBucketLoggingCommand } from '@aws-sdk/client-s3'
import { InvalidError } from '../errors.ts'
import type { BucketLogging } from './answers.ts'
import type { SpacesClient } from './client.ts'
import { explainS3 } from './explain.ts'

/** Throws UnavailableError when the object store does not answer. */
export async function readBucketLogging(
  client: SpacesClient,
  bucket: string,
  signal: AbortSignal,
): Promise<BucketLogging> {
  try {
    const { LoggingEnabled } = await client.send(new GetBucketLoggingCommand({ Bucket: bucket }), {
      abortSignal: signal,
    })
    if (!LoggingEnabled?.TargetBucket) return { state: 'off' }
    const { TargetBucket, TargetPrefix = '' } = LoggingEnabled
    return { state: 'on', target_bucket: TargetBucket, target_prefix: TargetPrefix }
  } catch (cause) {
    const { $metadata } = cause as { $metadata?: { httpStatusCode?: number } }
    if ($metadata?.httpStatusCode === 501)
      return { state: 'unknown', reason: 'the object store does not say (501)' }
    const error = explainS3(cause, `read the logging of the bucket ${bucket}`)
    if (error instanceof InvalidError) return { state: 'unknown', reason: error.message }
    throw error
  }
}

/** The aws-cli command that switches on access logs of `bucket`, each bucket's under a prefix of its own. */
export function enableLoggingCommand(options: {
  endpoint: string
  bucket: string
  log_bucket: string
  log_prefix: string
}): string {
  const { endpoint, bucket, log_bucket, log_prefix } = options
  const status = {
    LoggingEnabled: { TargetBucket: log_bucket, TargetPrefix: `${log_prefix}${bucket}/` },
  }
  return [
    'aws s3api put-bucket-logging',
    `--endpoint-url ${quoted(endpoint)}`,
    `--bucket ${quoted(bucket)}`,
    `--bucket-logging-status ${quoted(JSON.stringify(status))}`,
  ].join(' ')
}

function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
