import { refusedAddress } from '../bucket-policy.ts'
import type { Detector } from '../detector.ts'
import { quoted } from '../quote.ts'

export const probing: Detector = {
  name: 'probing',
  title: 'Somebody probes for objects',
  question: 'Which clients ask for many keys that are missing or forbidden?',
  severity: 'warning',
  every: 'hour',
  thresholds: {
    keys: {
      default: 100,
      unit: 'different keys an hour',
      reason:
        'a page with broken links asks for the same few keys again; lists of names to try have hundreds',
      source: null,
    },
    share: {
      default: 80,
      unit: 'percent of its requests',
      reason: 'who reads what is there is refused now and then; who guesses is refused nearly always',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket', 'remote_ip'],
  measure: 'keys',
  sql: `SELECT * FROM (
  SELECT timestamp_floor('1h', ts) AS at, bucket, remote_ip, count_distinct(CASE WHEN status IN (403, 404) THEN key END) AS keys,
    sum(CASE WHEN status IN (403, 404) THEN 1 ELSE 0 END) AS refused, sum(CASE WHEN status = 403 AND class = 'list' THEN 1 ELSE 0 END) AS listings,
    count() AS requests, sum(bytes_sent) AS bytes, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND remote_ip IS NOT NULL
  GROUP BY at, bucket, remote_ip
)
WHERE keys >= {keys} AND 100.0 * refused >= {share} * requests
ORDER BY keys DESC, at, bucket, remote_ip`,
  says: ({ bucket, remote_ip, keys, refused, requests }) =>
    `${quoted(remote_ip)} asked for ${keys} keys of ${quoted(bucket)} within an hour that are missing or forbidden: ${refused} of its ${requests} requests.`,
  evidence: [
    {
      title: 'What it asked for',
      sql: `SELECT key, status, error_code, operation, user_agent, count() AS requests, max(ts) AS last_seen FROM operations
WHERE is_request AND status IN (403, 404) AND {subject}
GROUP BY key, status, error_code, operation, user_agent
ORDER BY requests DESC, key LIMIT 100`,
    },
    {
      title: 'What it was given',
      sql: `SELECT ts, key, operation, status, bytes_sent, requester, user_agent FROM operations
WHERE is_request AND status < 400 AND {subject}
ORDER BY ts DESC, key LIMIT 100`,
    },
  ],
  remedies: ({ bucket, remote_ip }) => [refusedAddress(bucket, remote_ip)],
}
