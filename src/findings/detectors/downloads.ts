import type { Detector } from '../detector.ts'
import { awsOn, counted, quoted, shell } from '../quote.ts'
import { monthlyEgressUsd } from '../usd.ts'

export const brokenDownloads: Detector = {
  name: 'broken-downloads',
  title: 'Downloads end before they are whole',
  question: 'Where are fewer bytes sent than the object has?',
  severity: 'warning',
  every: 'day',
  thresholds: {
    downloads: {
      default: 100,
      unit: 'broken downloads a day',
      reason: 'people close pages and lose networks; a hundred times a day it is a program or a path',
      source: null,
    },
    share: {
      default: 5,
      unit: 'percent of the whole downloads',
      reason: 'one in a hundred or two is broken off anyhow',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket'],
  measure: 'requests',
  // Ranges are answered with 206, what is unchanged with 304.
  sql: `SELECT * FROM (
  SELECT bucket, sum(CASE WHEN bytes_sent < object_size THEN 1 ELSE 0 END) AS requests, count() AS downloads,
    sum(CASE WHEN bytes_sent < object_size THEN bytes_sent ELSE 0 END) AS bytes, count_distinct(CASE WHEN bytes_sent < object_size THEN remote_ip END) AS clients,
    min(CASE WHEN bytes_sent < object_size THEN ts END) AS first_seen, max(CASE WHEN bytes_sent < object_size THEN ts END) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status = 200 AND object_size > 0
  GROUP BY bucket
)
WHERE requests >= {downloads} AND 100.0 * requests >= {share} * downloads
ORDER BY requests DESC, bucket`,
  says: ({ bucket, requests, downloads, clients }) =>
    `${requests} of ${counted(downloads, 'download')} from ${quoted(bucket)} in a day ended before the object was whole, of ${counted(clients, 'client')}.`,
  usd: monthlyEgressUsd,
  evidence: [
    {
      title: 'Which objects, and how much of them',
      sql: `SELECT key, object_size, count() AS requests, avg(bytes_sent) AS mean_bytes_sent, avg(total_ms) AS mean_ms, count_distinct(remote_ip) AS clients FROM operations
WHERE {subject} AND is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status = 200 AND bytes_sent < object_size
GROUP BY key, object_size
ORDER BY requests DESC, key LIMIT 50`,
    },
    {
      title: 'Which clients',
      sql: `SELECT remote_ip, user_agent, referer, count() AS requests, avg(total_ms) AS mean_ms, max(ts) AS last_seen FROM operations
WHERE {subject} AND is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status = 200 AND bytes_sent < object_size
GROUP BY remote_ip, user_agent, referer
ORDER BY requests DESC, remote_ip, user_agent LIMIT 50`,
    },
  ],
  remedies: ({ bucket }) => [
    {
      title: 'Compare what arrives with what is stored, over the same path as the clients',
      language: 'shell',
      text: `${awsOn} s3api head-object --bucket ${shell(String(bucket))} --key KEY
curl -fsS -o /dev/null -w '%{http_code} %{size_download} bytes %{time_total} s\\n' "https://ADDRESS/KEY"`,
    },
    {
      title: 'Clients that go on where they stopped, with timeouts that a slow network keeps',
      language: 'text',
      text: `curl -C - --retry 5; rclone --multi-thread-streams 4 --timeout 10m; AWS CLI: --cli-read-timeout 300
A proxy in front: its read and send timeouts must be longer than the longest download.`,
    },
  ],
}

export const slowStorage: Detector = {
  name: 'slow-storage',
  title: 'The store takes long before it answers',
  question: 'When is it the store that is slow, and not the clients or their networks?',
  severity: 'warning',
  every: 'hour',
  thresholds: {
    ms: {
      default: 1_000,
      unit: 'ms before the answer',
      reason: 'small requests are answered in 100 to 200 ms; ten times that is felt by everybody',
      source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html',
    },
    share: {
      default: 20,
      unit: 'percent of the requests',
      reason: 'single requests are always slow; a fifth of them is the store',
      source: null,
    },
    requests: {
      default: 50,
      unit: 'slow requests an hour',
      reason: 'below it the share says little',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket'],
  measure: 'requests',
  // A write takes as long as the client sends; only what is asked for shows the store alone.
  sql: `SELECT * FROM (
  SELECT timestamp_floor('1h', ts) AS at, bucket, sum(CASE WHEN turnaround_ms >= {ms} THEN 1 ELSE 0 END) AS requests, count() AS asked,
    avg(turnaround_ms) AS mean_turnaround_ms, avg(total_ms) AS mean_total_ms, min(CASE WHEN turnaround_ms >= {ms} THEN ts END) AS first_seen,
    max(CASE WHEN turnaround_ms >= {ms} THEN ts END) AS last_seen FROM operations
  WHERE is_request AND format = 's3' AND class = 'read' AND turnaround_ms IS NOT NULL
  GROUP BY at, bucket
)
WHERE requests >= {requests} AND 100.0 * requests >= {share} * asked
ORDER BY requests DESC, at, bucket`,
  says: ({ bucket, requests, asked, mean_turnaround_ms, mean_total_ms }) =>
    `The store let ${requests} of ${counted(asked, 'request')} for objects of ${quoted(bucket)} wait within an hour: ${Math.round(Number(mean_turnaround_ms))} of ${Math.round(Number(mean_total_ms))} ms on average are its own.`,
  evidence: [
    {
      title: 'Which requests waited longest',
      sql: `SELECT ts, operation, key, status, turnaround_ms, total_ms, object_size, request_id FROM operations
WHERE {subject} AND is_request AND class = 'read' AND turnaround_ms >= {ms}
ORDER BY turnaround_ms DESC, ts LIMIT 100`,
    },
    {
      title: 'Minute by minute',
      sql: `SELECT timestamp_floor('1m', ts) AS at, count() AS requests, avg(turnaround_ms) AS mean_turnaround_ms, max(turnaround_ms) AS max_turnaround_ms FROM operations
WHERE {subject} AND is_request AND class = 'read'
GROUP BY at
ORDER BY at LIMIT 100`,
    },
  ],
  remedies: ({ bucket }) => [
    {
      title:
        'Have it measured beside the logs, and send both with the request ids above to the support of the store',
      language: 'shell',
      text: `for n in 1 2 3 4 5; do
  curl -fsS -o /dev/null -w '%{time_starttransfer} s\\n' ${shell(`https://${bucket}.`)}"$REGION.digitaloceanspaces.com/KEY"
done`,
    },
    {
      title: 'Until then',
      language: 'text',
      text: 'Spread keys over several prefixes, ask less at once, and let a CDN answer what is public.',
    },
  ],
}

export const slowClients: Detector = {
  name: 'slow-clients',
  title: 'Downloads are slow, and not because of the store',
  question: 'Do many clients wait for large objects on slow or far networks?',
  severity: 'info',
  every: 'day',
  thresholds: {
    downloads: {
      default: 100,
      unit: 'slow downloads a day',
      reason: 'a few phones on bad networks are always there',
      source: null,
    },
    share: {
      default: 20,
      unit: 'percent of the downloads of a megabyte or more',
      reason: 'a fifth is more than phones: it is the way to a region, or a limit in between',
      source: null,
    },
    bytes_per_second: {
      default: 125_000,
      unit: 'bytes a second',
      reason: 'a megabit a second: a page with pictures takes half a minute',
      source: null,
    },
    clients: { default: 5, unit: 'clients', reason: 'fewer have a problem of their own', source: null },
  },
  past_days: 0,
  subject: ['bucket'],
  measure: 'requests',
  // What the store took itself is not counted; multiplied out, as whole numbers divide as whole numbers.
  sql: `WITH large AS (
  SELECT ts, bucket, remote_ip, turnaround_ms, total_ms, CASE WHEN 1000.0 * bytes_sent < 1.0 * {bytes_per_second} * (total_ms - turnaround_ms) THEN 1 ELSE 0 END AS slow FROM operations
  WHERE is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status IN (200, 206) AND bytes_sent >= 1000000 AND total_ms > turnaround_ms
)
SELECT * FROM (
  SELECT bucket, sum(slow) AS requests, count() AS downloads, count_distinct(CASE WHEN slow = 1 THEN remote_ip END) AS clients,
    avg(CASE WHEN slow = 1 THEN total_ms END) AS mean_total_ms, avg(CASE WHEN slow = 1 THEN turnaround_ms END) AS mean_turnaround_ms,
    min(CASE WHEN slow = 1 THEN ts END) AS first_seen, max(CASE WHEN slow = 1 THEN ts END) AS last_seen FROM large
  GROUP BY bucket
)
WHERE requests >= {downloads} AND 100.0 * requests >= {share} * downloads AND clients >= {clients}
ORDER BY requests DESC, bucket`,
  says: ({ bucket, requests, downloads, clients, mean_total_ms, mean_turnaround_ms }) =>
    `${requests} of ${counted(downloads, 'download')} of a megabyte or more from ${quoted(bucket)} in a day were slow for ${counted(clients, 'client')}: ${(Number(mean_total_ms) / 1000).toFixed(1)} s on average, of which the store took ${Math.round(Number(mean_turnaround_ms))} ms.`,
  evidence: [
    {
      title: 'Which clients',
      sql: `SELECT remote_ip, user_agent, count() AS requests, sum(bytes_sent) AS bytes, 1000.0 * sum(bytes_sent) / sum(total_ms - turnaround_ms) AS bytes_per_second FROM operations
WHERE {subject} AND is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND bytes_sent >= 1000000 AND total_ms > turnaround_ms
GROUP BY remote_ip, user_agent
ORDER BY bytes_per_second, remote_ip, user_agent LIMIT 50`,
    },
    {
      title: 'Which objects',
      sql: `SELECT key, count() AS requests, avg(total_ms) AS mean_total_ms, avg(turnaround_ms) AS mean_turnaround_ms, max(object_size) AS object_size FROM operations
WHERE {subject} AND is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND bytes_sent >= 1000000 AND total_ms > turnaround_ms
GROUP BY key
ORDER BY mean_total_ms DESC, key LIMIT 50`,
    },
  ],
  remedies: ({ bucket }) => [
    {
      title: 'A CDN sends from near the clients',
      language: 'shell',
      text: `doctl compute cdn create ${shell(`${bucket}.`)}"$REGION.digitaloceanspaces.com" --ttl 3600`,
    },
    {
      title: 'Programs: several ranges at once',
      language: 'shell',
      text: `aws configure set default.s3.multipart_chunksize 16MB
aws configure set default.s3.max_concurrent_requests 10`,
    },
  ],
}
