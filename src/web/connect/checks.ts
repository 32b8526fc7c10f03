import { ask } from '../api.ts'
import type { AnswerTo } from '../api.ts'

/** What the form holds, by the names that a session is asked for with; what is empty is not given. */
export type Credentials = Record<
  'region' | 'endpoint' | 'spaces_key' | 'spaces_secret' | 'log_bucket' | 'log_prefix',
  string
>

/** What the object store lets these credentials do. */
export type Check = AnswerTo<'POST /validate-credentials'>

/** Asks the object store, through the server, what the credentials may do; they are sent once and kept nowhere. */
export function checkCredentials(given: Credentials, signal: AbortSignal): Promise<Check> {
  const headers = Object.entries(given).map(([name, value]) => [`x-${name.replace('_', '-')}`, value])
  return ask('POST /validate-credentials', { headers: Object.fromEntries(headers), signal })
}

export type StepState = 'good' | 'warn' | 'bad' | 'wait'

export interface Step {
  title: string
  state: StepState
  text: string
  /** What to run or to write where something is missing. */
  fix?: { text: string; code: string } | undefined
  /** Log buckets that the key's buckets deliver to. */
  offers?: LogPlace[]
}

export interface LogPlace {
  bucket: string
  prefix: string
}

/** The check as a person reads it: each step with what is missing. */
export function stepsOf(check: Check, ago: (iso: string) => string): Step[] {
  return [keyStep(check), listStep(check), loggingStep(check), logsStep(check), lateStep(check, ago)]
}

function keyStep({ valid, problem, endpoint }: Check): Step {
  if (valid) return { title: 'Key and secret', state: 'good', text: `${endpoint} knows them.` }
  return {
    title: 'Key and secret',
    state: 'bad',
    text: [problem?.message, problem?.hint].filter(Boolean).join('. '),
  }
}

function listStep({ valid, can_list_buckets, buckets }: Check): Step {
  const title = 'Buckets'
  if (can_list_buckets) return { title, state: 'good', text: `The key lists ${buckets.length} buckets.` }
  return {
    title,
    state: valid ? 'warn' : 'wait',
    text: valid
      ? 'A limited key: it may not list all buckets. That is enough to read logs; storage is shown for the buckets that it may read.'
      : 'Not known before the key is right.',
  }
}

function loggingStep({ valid, buckets, logs }: Check): Step {
  const title = 'Access logging'
  const on = buckets.filter(({ logging }) => logging.state === 'on')
  const off = buckets.filter(({ logging, name }) => logging.state === 'off' && name !== logs?.bucket)
  if (!valid) return { title, state: 'wait', text: 'Not known before the key is right.' }
  const commands = off.flatMap((bucket) => bucket.enable_logging_command ?? [])
  if (off.length > 0) {
    return {
      title,
      state: 'warn',
      text: `On for ${on.length}, off for ${off.length} of the buckets: ${off.map(({ name }) => name).join(', ')}.`,
      fix:
        commands.length > 0
          ? {
              text: 'Switch it on with a full-access key; Spaces has no button for it:',
              code: commands.join('\n\n'),
            }
          : undefined,
    }
  }
  if (on.length > 0) return { title, state: 'good', text: `On for ${on.map(({ name }) => name).join(', ')}.` }
  const command = buckets.find((bucket) => bucket.enable_logging_command)?.enable_logging_command
  return {
    title,
    state: 'warn',
    text: 'The key may not read whether buckets write access logs, or the storage does not say.',
    fix: command ? { text: 'Where it is off, this switches it on:', code: command } : undefined,
  }
}

/** Where access logs are delivered to; the longest beginning that the prefixes of one bucket have in common. */
function targetsOf(buckets: Check['buckets']): LogPlace[] {
  const targets = new Map<string, string>()
  for (const { logging } of buckets) {
    if (logging.state !== 'on') continue
    const { target_bucket, target_prefix } = logging
    targets.set(target_bucket, commonStart(targets.get(target_bucket) ?? target_prefix, target_prefix))
  }
  return [...targets].map(([bucket, prefix]) => ({ bucket, prefix }))
}

function commonStart(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return a.slice(0, length)
}

function logsStep({ valid, logs, buckets }: Check): Step {
  const title = 'Log bucket'
  const offers = targetsOf(buckets).filter(
    ({ bucket, prefix }) => bucket !== logs?.bucket || prefix !== logs.prefix,
  )
  if (!logs) {
    const text =
      offers.length > 0 ? 'Choose where to read:' : 'Name the bucket that access logs are delivered to.'
    return { title, state: valid ? 'bad' : 'wait', text, offers }
  }
  if (!logs.readable) {
    return {
      title,
      state: 'bad',
      text: [logs.problem?.message, logs.problem?.hint].filter(Boolean).join('. '),
      fix: {
        text: 'A policy that lets a limited key read the logs:',
        code: JSON.stringify(policyFor(logs.bucket, logs.prefix), null, 2),
      },
    }
  }
  const { found } = logs
  if (!found || found.objects === 0) {
    return {
      title,
      state: 'warn',
      text: 'It can be read, and holds nothing under this prefix yet. Logs come minutes to hours after the first request.',
      offers,
    }
  }
  if (!found.holds_access_logs)
    return {
      title,
      state: 'bad',
      text: 'What lies under this prefix is no access log: check the prefix.',
      offers,
    }
  const many = `${found.objects}${found.truncated ? ' and more' : ''}`
  return {
    title,
    state: 'good',
    text: `${many} log objects, about ${found.buckets.join(', ')}.`,
  }
}

function lateStep({ logs }: Check, ago: (iso: string) => string): Step {
  const title = 'How late logs come'
  const found = logs?.found
  if (!found?.newest_event || found.delivery_lag_seconds === null)
    return { title, state: 'wait', text: 'Not known before there are logs.' }
  const minutes = Math.round(found.delivery_lag_seconds / 60)
  return {
    title,
    state: minutes > 180 ? 'warn' : 'good',
    text: `The newest event was ${ago(found.newest_event)}; it took ${minutes < 1 ? 'less than a minute' : `${minutes} min`} to be delivered.`,
  }
}

function policyFor(bucket: string, prefix: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: `arn:aws:s3:::${bucket}` },
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: `arn:aws:s3:::${bucket}/${prefix}*` },
    ],
  }
}
