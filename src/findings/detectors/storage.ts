import type { Detector } from '../detector.ts'
import { awsOn, counted, sized, json, quoted, shell } from '../quote.ts'
import { keepingUsd } from '../savings.ts'

export const unfinishedUploads: Detector = {
  name: 'unfinished-uploads',
  title: 'Multipart uploads are begun and never ended',
  question: 'Which multipart uploads were neither completed nor aborted, and are paid for unseen?',
  severity: 'warning',
  every: 'day',
  thresholds: {
    uploads: {
      default: 10,
      unit: 'uploads a day',
      reason: 'a connection breaks now and then; ten a day are a program that does not clean up',
      source: null,
    },
    hours: {
      default: 6,
      unit: 'hours',
      reason: 'so long an upload may take before it counts: 6 hours are 200 GB at 10 MB a second',
      source: null,
    },
  },
  past_days: 1,
  subject: ['bucket'],
  measure: 'uploads',
  // The log does not say which upload a part is of: of a key that was uploaded twice and completed once, half is unfinished.
  sql: `WITH uploads AS (
  SELECT bucket, key, sum(CASE WHEN operation = 'REST.POST.UPLOADS' AND ts < dateadd('h', -{hours}, {to}) THEN 1 ELSE 0 END) AS begun,
    sum(CASE WHEN operation IN ('REST.POST.UPLOAD', 'REST.DELETE.UPLOAD') THEN 1 ELSE 0 END) AS ended,
    sum(CASE WHEN operation = 'REST.PUT.PART' THEN bytes_received ELSE 0 END) AS bytes, max(requester) AS requester, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND status < 300 AND key IS NOT NULL AND ts >= dateadd('h', -{hours}, {from})
    AND operation IN ('REST.POST.UPLOADS', 'REST.PUT.PART', 'REST.POST.UPLOAD', 'REST.DELETE.UPLOAD')
  GROUP BY bucket, key
)
SELECT * FROM (
  SELECT bucket, sum(begun - ended) AS uploads, sum(bytes * (begun - ended) / begun) AS bytes, max(requester) AS requester,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM uploads
  WHERE begun > ended
  GROUP BY bucket
)
WHERE uploads >= {uploads}
ORDER BY uploads DESC, bucket`,
  says: ({ bucket, uploads, bytes, requester }) =>
    `${counted(uploads, 'multipart upload')} to ${quoted(bucket)} were begun in a day and neither completed nor aborted, by ${quoted(requester)} among others: ${sized(bytes)} that no listing of objects shows.`,
  usd: keepingUsd,
  evidence: [
    {
      title: 'What was begun, sent and ended, by object',
      sql: `SELECT key, requester, user_agent, sum(CASE WHEN operation = 'REST.POST.UPLOADS' THEN 1 ELSE 0 END) AS begun,
  sum(CASE WHEN operation = 'REST.PUT.PART' THEN 1 ELSE 0 END) AS parts, sum(bytes_received) AS bytes,
  sum(CASE WHEN operation = 'REST.POST.UPLOAD' THEN 1 ELSE 0 END) AS completed, sum(CASE WHEN operation = 'REST.DELETE.UPLOAD' THEN 1 ELSE 0 END) AS aborted FROM operations
WHERE {subject} AND is_request AND status < 300 AND operation IN ('REST.POST.UPLOADS', 'REST.PUT.PART', 'REST.POST.UPLOAD', 'REST.DELETE.UPLOAD')
GROUP BY key, requester, user_agent
ORDER BY begun DESC, key LIMIT 100`,
    },
    {
      title: 'What snapshots counted of them',
      sql: `SELECT ts, bucket, incomplete_uploads, incomplete_upload_bytes FROM snapshots
WHERE {subject}
ORDER BY ts DESC LIMIT 30`,
    },
  ],
  remedies: ({ bucket }) => [
    {
      title: 'lifecycle.json: abort what is not completed within two days',
      language: 'json',
      text: json({
        Rules: [
          {
            ID: 'abort-unfinished-uploads',
            Status: 'Enabled',
            Filter: { Prefix: '' },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
          },
        ],
      }),
    },
    {
      title: 'See what lies there, and set that rule (it replaces the rules there are: get them first)',
      language: 'shell',
      text: `${awsOn} s3api list-multipart-uploads --bucket ${shell(String(bucket))}
${awsOn} s3api get-bucket-lifecycle-configuration --bucket ${shell(String(bucket))}
${awsOn} s3api put-bucket-lifecycle-configuration --bucket ${shell(String(bucket))} --lifecycle-configuration file://lifecycle.json`,
    },
  ],
}

export const smallObjects: Detector = {
  name: 'small-objects',
  title: 'Many very small objects are written',
  question: 'Where is data cut into objects so small that requests and minimum sizes cost more than it?',
  severity: 'info',
  every: 'day',
  thresholds: {
    objects: {
      default: 5_000,
      unit: 'objects a day',
      reason: 'a million in half a year, which no listing, copy or lifecycle rule gets through quickly',
      source: null,
    },
    small: {
      default: 4_096,
      unit: 'bytes',
      reason: 'smaller objects are billed as 4 KiB',
      source: 'https://docs.digitalocean.com/products/spaces/details/pricing/',
    },
    share: {
      default: 80,
      unit: 'percent of the objects written under the prefix',
      reason: 'manifests and thumbnails beside large files are no pattern of their own',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket', 'key_prefix'],
  measure: 'objects',
  sql: `SELECT bucket, key_prefix, objects, requests, written, {small} * objects - written AS bytes, first_seen, last_seen FROM (
  SELECT bucket, key_prefix, sum(CASE WHEN bytes_received < {small} THEN 1 ELSE 0 END) AS objects, count() AS requests,
    sum(CASE WHEN bytes_received < {small} THEN bytes_received ELSE 0 END) AS written, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
  WHERE is_request AND operation IN ('REST.PUT.OBJECT', 'REST.POST.OBJECT') AND status < 300
  GROUP BY bucket, key_prefix
)
WHERE objects >= {objects} AND 100.0 * objects >= {share} * requests
ORDER BY objects DESC, bucket, key_prefix`,
  says: ({ bucket, key_prefix, objects, written }) =>
    `${objects} objects were written under ${quoted(key_prefix)} of ${quoted(bucket)} in a day that hold ${Math.round(Number(written) / Number(objects))} bytes each on average.`,
  usd: (figures, days, prices) => {
    const each = keepingUsd(figures, days, prices)
    return each === null ? null : (each * 30) / days
  },
  evidence: [
    {
      title: 'Who writes them',
      sql: `SELECT requester, remote_ip, user_agent, count() AS requests, avg(bytes_received) AS mean_bytes FROM operations
WHERE {subject} AND is_request AND operation IN ('REST.PUT.OBJECT', 'REST.POST.OBJECT') AND status < 300
GROUP BY requester, remote_ip, user_agent
ORDER BY requests DESC, requester, remote_ip LIMIT 50`,
    },
    {
      title: 'What they are',
      sql: `SELECT ts, key, bytes_received FROM operations
WHERE {subject} AND is_request AND operation IN ('REST.PUT.OBJECT', 'REST.POST.OBJECT') AND status < 300
ORDER BY ts DESC, key LIMIT 100`,
    },
  ],
  remedies: ({ bucket, key_prefix }) => [
    {
      title: 'Collect, and write one object a minute in place of one an event; pack what is there',
      language: 'shell',
      text: `${awsOn} s3 sync ${shell(`s3://${bucket}/${key_prefix ?? ''}`)} small/ && tar -czf small.tar.gz small/
${awsOn} s3 cp small.tar.gz ${shell(`s3://${bucket}/packed/`)}`,
    },
    {
      title:
        'Lifecycle: let them go after a week (put-bucket-lifecycle-configuration replaces the one there is)',
      language: 'json',
      text: json({
        Rules: [
          {
            ID: 'expire-small-objects',
            Status: 'Enabled',
            Filter: { Prefix: key_prefix === null ? '' : `${key_prefix}/` },
            Expiration: { Days: 7 },
          },
        ],
      }),
    },
  ],
}
