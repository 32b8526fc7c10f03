import type { Detector } from '../detector.ts'
import { awsOn, sized, quoted, shell } from '../quote.ts'
import { cdnSavesUsd } from '../savings.ts'

export const withoutCdn: Detector = {
  name: 'without-cdn',
  title: 'The origin sends the same public objects again and again',
  question: 'What would a CDN take off the origin?',
  severity: 'info',
  every: 'day',
  thresholds: {
    bytes: {
      default: 5_000_000_000,
      unit: 'bytes a day',
      reason: 'a month of it is 150 GB that edges near the readers could send',
      source: null,
    },
    share: {
      default: 50,
      unit: 'percent of the bytes that it sends to everybody',
      reason: 'where most objects are fetched once an edge has nothing to give',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket'],
  measure: 'bytes',
  // What the edges fetch because they missed it is not to be saved.
  sql: `WITH objects AS (
  SELECT bucket, key, sum(CASE WHEN format = 's3' THEN bytes_sent ELSE 0 END) AS sent, max(CASE WHEN format = 's3' THEN bytes_sent ELSE 0 END) AS once,
    sum(CASE WHEN format = 'cdn' AND cache_result <> 'Hit' THEN bytes_sent ELSE 0 END) AS missed,
    sum(CASE WHEN format = 's3' THEN 1 ELSE 0 END) AS gets, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND class = 'read' AND method = 'GET' AND status IN (200, 206) AND key IS NOT NULL AND requester IS NULL
  GROUP BY bucket, key
)
SELECT * FROM (
  SELECT bucket, sum(greatest(sent - once - missed, 0)) AS bytes, sum(sent) AS sent, sum(CASE WHEN sent > once + missed THEN gets - 1 ELSE 0 END) AS requests,
    sum(CASE WHEN sent > once + missed THEN 1 ELSE 0 END) AS objects, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM objects
  GROUP BY bucket
)
WHERE bytes >= {bytes} AND 100.0 * bytes >= {share} * sent
ORDER BY bytes DESC, bucket`,
  says: ({ bucket, bytes, sent, objects }) =>
    `The origin of ${quoted(bucket)} sent ${sized(bytes)} of ${sized(sent)} in a day only because ${objects} public objects were fetched more than once.`,
  usd: cdnSavesUsd,
  evidence: [
    {
      title: 'Which objects',
      sql: `SELECT key, count() AS requests, sum(bytes_sent) AS bytes, count_distinct(remote_ip) AS clients FROM operations
WHERE is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status IN (200, 206) AND requester IS NULL AND {subject}
GROUP BY key
ORDER BY bytes DESC, key LIMIT 50`,
    },
    {
      title: 'Which pages and programs ask the origin',
      sql: `SELECT host, referer, user_agent, count() AS requests, sum(bytes_sent) AS bytes FROM operations
WHERE is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status IN (200, 206) AND requester IS NULL AND {subject}
GROUP BY host, referer, user_agent
ORDER BY bytes DESC, host, referer, user_agent LIMIT 50`,
    },
  ],
  remedies: ({ bucket }) => [
    {
      title: 'Switch the CDN on, then link to its address in place of that of the origin',
      language: 'shell',
      text: `doctl compute cdn create ${shell(`${bucket}.`)}"$REGION.digitaloceanspaces.com" --ttl 3600`,
    },
    cacheControl(bucket, ''),
  ],
}

export const cdnMisses: Detector = {
  name: 'cdn-misses',
  title: 'The CDN asks the origin again for what it had',
  question: 'Where does the CDN miss objects that it has fetched before?',
  severity: 'info',
  every: 'day',
  thresholds: {
    misses: {
      default: 500,
      unit: 'repeated misses a day',
      reason: 'each edge must fetch each object once, and once more when it has ended: these are not counted',
      source: null,
    },
    share: {
      default: 30,
      unit: 'percent of its requests',
      reason: 'edges that keep objects for an hour or more hit nine times out of ten what they had',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket', 'key_prefix'],
  measure: 'misses',
  sql: `WITH objects AS (
  SELECT bucket, key_prefix, key, edge_location, count() AS requests, sum(CASE WHEN cache_result IN ('Hit', 'RefreshHit') THEN 0 ELSE 1 END) AS missed,
    sum(CASE WHEN cache_result IN ('Hit', 'RefreshHit') THEN 0 ELSE bytes_sent END) AS bytes, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND format = 'cdn' AND class = 'read' AND status < 400
  GROUP BY bucket, key_prefix, key, edge_location
)
SELECT * FROM (
  SELECT bucket, key_prefix, sum(greatest(missed - 1, 0)) AS misses, sum(requests) AS requests, sum(bytes) AS bytes,
    100.0 * sum(requests - missed) / sum(requests) AS hit_percent, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM objects
  GROUP BY bucket, key_prefix
)
WHERE misses >= {misses} AND 100.0 * misses >= {share} * requests
ORDER BY misses DESC, bucket, key_prefix`,
  says: ({ bucket, key_prefix, misses, requests, hit_percent }) =>
    `Of ${requests} requests to the CDN for ${quoted(key_prefix)} of ${quoted(bucket)} it had ${Math.round(Number(hit_percent))} %; ${misses} times it missed what the same place had fetched before.`,
  evidence: [
    {
      title: 'Which objects',
      sql: `SELECT key, cache_result, edge_location, count() AS requests, sum(bytes_sent) AS bytes FROM operations
WHERE is_request AND format = 'cdn' AND cache_result NOT IN ('Hit', 'RefreshHit') AND {subject}
GROUP BY key, cache_result, edge_location
ORDER BY requests DESC, key, cache_result, edge_location LIMIT 50`,
    },
  ],
  remedies: ({ bucket, key_prefix }) => [
    cacheControl(bucket, key_prefix === null ? '' : `${key_prefix}/`),
    {
      title: 'Keep what says nothing itself for longer (list gives the id)',
      language: 'shell',
      text: `doctl compute cdn list
doctl compute cdn update "$CDN_ID" --ttl 86400`,
    },
  ],
}

function cacheControl(bucket: unknown, prefix: string) {
  const target = shell(`s3://${bucket}/${prefix}`)
  return {
    title:
      'Say how long objects may be kept; this copies each onto itself, and drops other metadata of its own',
    language: 'shell' as const,
    text: `${awsOn} s3 cp ${target} ${target} --recursive --metadata-directive REPLACE \\
  --cache-control 'public, max-age=86400' --acl public-read`,
  }
}
