import type { CredentialCheck } from '../api/storage.ts'
import { checkCredentials } from '../server/credential-check.ts'
import type { SourceConfig } from '../source-config.ts'
import { createSpacesClient } from '../spaces/client.ts'
import { createEndpointPolicy } from '../spaces/endpoint-policy.ts'
import { createProofs } from '../spaces/proof.ts'
import type { Finding } from './check.ts'

const deadline_ms = 60_000

/** Looks at all that a log source needs, as `/validate-credentials` does. Throws UnavailableError when nobody answers. */
export async function checkSource(source: SourceConfig): Promise<CredentialCheck> {
  const { endpoint, region, key, secret, bucket, prefix, pathStyle } = source
  const policy = createEndpointPolicy({ vouched: [endpoint] })
  const { prove } = createProofs({ policy })
  const access = { endpoint, region, key, secret, pathStyle, guarded: false }
  const logs = bucket === '' ? null : { bucket, prefix }
  const client = createSpacesClient(access)
  try {
    return await checkCredentials({
      claim: { access, logs, metrics: null },
      client,
      async prove() {
        if (logs) await prove({ endpoint, region, key, secret, logBucket: bucket, logPrefix: prefix })
        return { source: null, seen: [] }
      },
      now_ms: Date.now(),
      signal: AbortSignal.timeout(deadline_ms),
    })
  } finally {
    client.destroy()
  }
}

/** What a check of a log source means for its operator, in the order in which things have to be put right. */
export function sourceFindings({ valid, problem, buckets, logs }: CredentialCheck): Finding[] {
  if (!valid) {
    const why = problem ?? logs?.problem ?? null
    return [
      {
        name: 'Spaces key',
        state: 'wrong',
        fact: why?.message ?? 'it opens nothing',
        remedy: why?.hint ?? 'make a key that may list and read the log bucket',
      },
    ]
  }
  const findings: Finding[] = [
    {
      name: 'Spaces key',
      state: 'ok',
      fact: `it reaches ${counted(buckets.length, 'bucket')}`,
      remedy: null,
    },
  ]
  if (logs) findings.push(logFinding(logs))
  for (const { name, logging, enable_logging_command } of buckets) {
    if (logging.state === 'on' || name === logs?.bucket) continue
    const unknown = logging.state === 'unknown'
    findings.push({
      name: `access logging of ${name}`,
      state: 'warning',
      fact: unknown ? `not known: ${logging.reason}` : 'off: what is done with it leaves no log',
      remedy: enable_logging_command && `switch it on with a full-access key: ${enable_logging_command}`,
    })
  }
  return findings
}

function logFinding({ bucket, prefix, problem, found }: NonNullable<CredentialCheck['logs']>): Finding {
  const name = `log bucket ${bucket}/${prefix}`
  if (!found)
    return {
      name,
      state: 'wrong',
      fact: problem?.message ?? 'it cannot be read',
      remedy: problem?.hint ?? 'let the key list and read it',
    }
  if (found.objects === 0)
    return {
      name,
      state: 'warning',
      fact: 'it is empty',
      remedy: 'the first logs come an hour or two after logging was switched on; is the prefix right?',
    }
  if (!found.holds_access_logs)
    return {
      name,
      state: 'wrong',
      fact: `its newest ${found.objects_read} objects hold no access logs`,
      remedy: 'name the bucket and the prefix that access logs are delivered to',
    }
  const lag = found.delivery_lag_seconds
  const late = lag === null ? '' : `, delivered ${Math.round(lag / 60)} minutes late`
  const fact = `${found.truncated ? 'at least ' : ''}${counted(found.objects, 'log object')} (${found.formats.join(', ')}), newest operation ${found.newest_event}${late}`
  return { name, state: 'ok', fact, remedy: null }
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
