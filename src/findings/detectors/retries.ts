import type { Detector, Figures } from '../detector.ts'
import { counted, quoted } from '../quote.ts'

export const retryStorm: Detector = {
  name: 'retry-storm',
  title: 'A client asks again at once after each failure',
  question: 'Which clients repeat failed requests without waiting, and so keep the store busy?',
  severity: 'warning',
  every: 'hour',
  thresholds: {
    retries: {
      default: 100,
      unit: 'retries an hour',
      reason: 'a client that waits twice as long each time asks for one object at most ten times in an hour',
      source: null,
    },
    seconds: {
      default: 5,
      unit: 'seconds',
      reason: 'exponential backoff reaches this wait after a few attempts; loops without backoff never do',
      source: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html',
    },
    each: {
      default: 5,
      unit: 'retries of one object',
      reason: 'the SDKs give up after 3 to 5 attempts by default: a bad minute gives no more',
      source: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html',
    },
  },
  past_days: 0,
  subject: ['bucket', 'remote_ip'],
  measure: 'retries',
  sql: `WITH failed AS (
  SELECT ts, bucket, remote_ip, operation, key, user_agent,
    lag(ts) OVER (PARTITION BY bucket, remote_ip, operation, key ORDER BY ts) AS before FROM errors
  WHERE status >= 500 AND remote_ip IS NOT NULL AND format = 's3'
), loops AS (
  SELECT timestamp_floor('1h', ts) AS at, bucket, remote_ip, operation, key, max(user_agent) AS user_agent, count() AS requests,
    sum(CASE WHEN datediff('s', before, ts) <= {seconds} THEN 1 ELSE 0 END) AS retries, min(ts) AS first_seen, max(ts) AS last_seen FROM failed
  GROUP BY at, bucket, remote_ip, operation, key
)
SELECT * FROM (
  SELECT at, bucket, remote_ip, max(user_agent) AS user_agent, sum(retries) AS retries, count(at) AS repeated, sum(requests) AS requests,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM loops
  WHERE retries >= {each}
  GROUP BY at, bucket, remote_ip
)
WHERE retries >= {retries}
ORDER BY retries DESC, at, bucket, remote_ip`,
  says: ({ bucket, remote_ip, user_agent, retries, repeated }) =>
    `${quoted(remote_ip)} (${quoted(user_agent)}) repeated failed requests on ${quoted(bucket)} ${retries} times within seconds, for ${counted(repeated, 'object')} in an hour.`,
  evidence: [
    {
      title: 'What it repeats',
      sql: `SELECT key, operation, status, error_code, count() AS requests, min(ts) AS first_seen, max(ts) AS last_seen FROM errors
WHERE status >= 500 AND {subject}
GROUP BY key, operation, status, error_code
ORDER BY requests DESC, key, operation, status LIMIT 50`,
    },
    {
      title: 'Its requests one by one',
      sql: `SELECT ts, operation, key, status, error_code, total_ms, user_agent, request_id FROM operations
WHERE is_request AND {subject}
ORDER BY ts DESC, request_id LIMIT 100`,
    },
  ],
  remedies: (figures) => [backoffOf(figures)],
}

const backoffs = [
  {
    agent: /rclone/i,
    title: 'rclone: fewer requests at once, and a pause before each retry',
    text: `rclone sync SOURCE TARGET --tpslimit 50 --transfers 4 --checkers 4 \\
  --low-level-retries 5 --retries 3 --retries-sleep 30s`,
  },
  {
    agent: /s3cmd/i,
    title: 's3cmd: at most five attempts (each waits longer than the last)',
    text: `printf '%s\\n' 'max_retries = 5' >> ~/.s3cfg`,
  },
  {
    agent: /aws-cli|boto|python/i,
    title: 'AWS CLI and boto3: adaptive retries, and fewer requests at once',
    text: `aws configure set retry_mode adaptive
aws configure set max_attempts 5
aws configure set default.s3.max_concurrent_requests 4`,
  },
] as const

const sdkBackoff = {
  title: 'AWS SDKs and the CLI read these: a client slows down by itself, and gives up in the end',
  text: `export AWS_RETRY_MODE=adaptive
export AWS_MAX_ATTEMPTS=5`,
}

/** Settings by which the client of this agent waits before it asks again. */
function backoffOf({ user_agent }: Figures) {
  const { title, text } = backoffs.find(({ agent }) => agent.test(String(user_agent))) ?? sdkBackoff
  return { title, language: 'shell' as const, text }
}
