import type { Detector } from '../detector.ts'
import { counted, quoted } from '../quote.ts'
import { listingsUsd, readsUsd } from '../savings.ts'

export const headBeforeGet: Detector = {
  name: 'head-before-get',
  title: 'A client asks with HEAD before each GET',
  question: 'Which clients send two requests where one would do?',
  severity: 'info',
  every: 'day',
  thresholds: {
    heads: {
      default: 1_000,
      unit: 'superfluous requests a day',
      reason: 'fewer neither slow a client down nor count towards a limit',
      source: null,
    },
    share: {
      default: 80,
      unit: 'percent of its GETs',
      reason: 'who looks at some objects before fetching them decides something; who does so always need not',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket', 'remote_ip'],
  measure: 'requests',
  sql: `SELECT * FROM (
  SELECT bucket, remote_ip, max(user_agent) AS user_agent, sum(CASE WHEN heads < gets THEN heads ELSE gets END) AS requests, sum(gets) AS gets,
    count() AS objects, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM (
    SELECT bucket, remote_ip, key, max(user_agent) AS user_agent, sum(CASE WHEN method = 'HEAD' THEN 1 ELSE 0 END) AS heads,
      sum(CASE WHEN method = 'GET' THEN 1 ELSE 0 END) AS gets, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
    WHERE is_request AND format = 's3' AND class = 'read' AND key IS NOT NULL AND status < 400
    GROUP BY bucket, remote_ip, key
  )
  GROUP BY bucket, remote_ip
)
WHERE requests >= {heads} AND 100.0 * requests >= {share} * gets
ORDER BY requests DESC, bucket, remote_ip`,
  says: ({ bucket, remote_ip, user_agent, requests, gets }) =>
    `${quoted(remote_ip)} (${quoted(user_agent)}) sent ${counted(requests, 'HEAD')} for objects of ${quoted(bucket)} that it then fetched, with ${counted(gets, 'GET')} in a day.`,
  usd: readsUsd,
  evidence: [
    {
      title: 'HEADs and GETs by object',
      sql: `SELECT key, user_agent, sum(CASE WHEN method = 'HEAD' THEN 1 ELSE 0 END) AS heads, sum(CASE WHEN method = 'GET' THEN 1 ELSE 0 END) AS gets FROM operations
WHERE {subject} AND is_request AND class = 'read' AND key IS NOT NULL
GROUP BY key, user_agent
ORDER BY heads DESC, key, user_agent LIMIT 50`,
    },
    {
      title: 'Its requests one by one',
      sql: `SELECT ts, method, key, status, total_ms, user_agent FROM operations
WHERE {subject} AND is_request AND class = 'read' AND key IS NOT NULL
ORDER BY ts DESC, key, method LIMIT 100`,
    },
  ],
  remedies: ({ user_agent }) =>
    /rclone/i.test(String(user_agent))
      ? [
          {
            title: 'rclone: no HEAD before GET, none after PUT',
            language: 'shell',
            text: 'rclone sync SOURCE TARGET --s3-no-head-object --s3-no-head --fast-list',
          },
        ]
      : [
          {
            title: 'One request: GET alone tells what HEAD would, and 404 where nothing is',
            language: 'text',
            text: `boto3: s3.get_object(Bucket=..., Key=...) in place of head_object, download_file or Object.load()
AWS CLI: aws s3api get-object in place of aws s3 cp
Conditional: send If-None-Match with the ETag that is known; 304 sends no body`,
          },
        ],
}

export const listingPerRead: Detector = {
  name: 'listing-per-read',
  title: 'A client lists again and again',
  question: 'Which clients list a bucket for nearly each object that they read?',
  severity: 'info',
  every: 'day',
  thresholds: {
    lists: {
      default: 1_000,
      unit: 'listings a day',
      reason: 'one a minute is 1,440: a program that looks for news so often is better told of them',
      source: null,
    },
    share: {
      default: 50,
      unit: 'percent of its GETs',
      reason: 'a listing names up to a thousand objects: one for each two that are read is a wrong use of it',
      source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html',
    },
  },
  past_days: 0,
  subject: ['bucket', 'remote_ip'],
  measure: 'requests',
  sql: `SELECT * FROM (
  SELECT bucket, remote_ip, max(user_agent) AS user_agent, sum(CASE WHEN class = 'list' THEN 1 ELSE 0 END) AS requests,
    sum(CASE WHEN class = 'read' AND method = 'GET' THEN 1 ELSE 0 END) AS gets, sum(CASE WHEN class = 'list' THEN bytes_sent ELSE 0 END) AS bytes,
    min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND class IN ('list', 'read') AND status < 400
  GROUP BY bucket, remote_ip
)
WHERE requests >= {lists} AND 100.0 * requests >= {share} * gets
ORDER BY requests DESC, bucket, remote_ip`,
  says: ({ bucket, remote_ip, user_agent, requests, gets }) =>
    `${quoted(remote_ip)} (${quoted(user_agent)}) listed ${quoted(bucket)} ${requests} times in a day and read ${counted(gets, 'object')}.`,
  usd: listingsUsd,
  evidence: [
    {
      title: 'Its listings by the hour',
      sql: `SELECT timestamp_floor('1h', ts) AS at, requester, user_agent, sum(CASE WHEN class = 'list' THEN 1 ELSE 0 END) AS lists,
  sum(CASE WHEN class = 'read' THEN 1 ELSE 0 END) AS reads, sum(bytes_sent) AS bytes FROM operations
WHERE {subject} AND is_request AND class IN ('list', 'read')
GROUP BY at, requester, user_agent
ORDER BY at DESC, requester, user_agent LIMIT 100`,
    },
    {
      title: 'What it lists',
      sql: `SELECT ts, operation, request_uri, status, bytes_sent, total_ms FROM operations
WHERE {subject} AND is_request AND class = 'list'
ORDER BY ts DESC, request_uri LIMIT 100`,
    },
  ],
  remedies: ({ user_agent }) =>
    /rclone/i.test(String(user_agent))
      ? [
          {
            title: 'rclone: fewer and larger listings; a mount keeps what it has listed for ten minutes',
            language: 'shell',
            text: `rclone sync SOURCE TARGET --fast-list --max-age 24h --no-traverse
rclone mount REMOTE:BUCKET /mnt --dir-cache-time 10m --vfs-cache-mode full`,
          },
        ]
      : [
          {
            title: 'List less',
            language: 'text',
            text: `Know the key: GET it, and take 404 for an answer.
Look for news: list with start-after set to the newest key that is known, or write an index object beside the data.
s3fs: -o stat_cache_expire=600 -o max_stat_cache_size=200000`,
          },
        ],
}
