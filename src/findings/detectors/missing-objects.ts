import type { Detector } from '../detector.ts'
import { awsOn, counted, quoted, shell } from '../quote.ts'

export const missingObjects: Detector = {
  name: 'missing-objects',
  title: 'A missing object is asked for again and again',
  question: 'Which objects are linked to or expected, and are not there?',
  severity: 'warning',
  every: 'day',
  thresholds: {
    requests: {
      default: 200,
      unit: 'requests a day',
      reason: 'old links are followed a few times a day; a page or a program in use asks hundreds of times',
      source: null,
    },
    clients: {
      default: 3,
      unit: 'clients',
      reason: 'one client alone is a loop of its own; several come from a link that many follow',
      source: null,
    },
  },
  past_days: 0,
  subject: ['bucket', 'key'],
  measure: 'requests',
  // What the CDN missed stands in the log of the origin too.
  sql: `SELECT bucket, key, greatest(origin, edge) AS requests, clients, linked, referer, first_seen, last_seen FROM (
  SELECT bucket, key, sum(CASE WHEN status = 404 AND format = 's3' THEN 1 ELSE 0 END) AS origin,
    sum(CASE WHEN status = 404 AND format = 'cdn' THEN 1 ELSE 0 END) AS edge, count_distinct(remote_ip) AS clients,
    sum(CASE WHEN referer IS NOT NULL THEN 1 ELSE 0 END) AS linked, mode(referer) AS referer,
    min(ts) AS first_seen, max(ts) AS last_seen FROM errors
  WHERE status = 404 AND key IS NOT NULL AND class = 'read'
  GROUP BY bucket, key
)
WHERE greatest(origin, edge) >= {requests} AND clients >= {clients}
ORDER BY requests DESC, bucket, key`,
  says: ({ bucket, key, requests, clients, linked, referer }) =>
    `${quoted(key)} of ${quoted(bucket)} is missing and was asked for ${requests} times in a day by ${counted(clients, 'client')}; ${
      referer === null
        ? 'no page is named that links to it.'
        : `${counted(linked, 'request')} came from pages, most from ${quoted(referer)}.`
    }`,
  evidence: [
    {
      title: 'Which pages link to it',
      sql: `SELECT referer, count() AS requests, count_distinct(remote_ip) AS clients, max(ts) AS last_seen FROM errors
WHERE status = 404 AND {subject}
GROUP BY referer
ORDER BY requests DESC, referer LIMIT 50`,
    },
    {
      title: 'Who put or deleted it, and who asks',
      sql: `SELECT ts, operation, status, requester, remote_ip, user_agent, referer, request_id FROM operations
WHERE {subject}
ORDER BY ts DESC, request_id LIMIT 100`,
    },
  ],
  remedies: ({ bucket, key, referer }) => [
    {
      title: 'Put the object back, or let its address lead to the new one',
      language: 'shell',
      text: `${awsOn} s3api list-object-versions --bucket ${shell(String(bucket))} --prefix ${shell(String(key))}
${awsOn} s3api put-object --bucket ${shell(String(bucket))} --key ${shell(String(key))} --body FILE`,
    },
    ...(referer === null
      ? []
      : [
          {
            title: 'Mend the link',
            language: 'text' as const,
            text: `Take the link to ${quoted(key)} out of ${quoted(referer)}, or let it point to what is there.`,
          },
        ]),
  ],
}
