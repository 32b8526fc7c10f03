import { bucket, format, inCategory, limit, narrowed, prefix } from './question.ts'
import type { Parameter } from './question.ts'

const order: Parameter = {
  name: 'order',
  type: 'choice',
  default: 'requests',
  choices: ['requests', 'bytes_sent'],
  plain: true,
  description: 'what comes first: the objects with most requests, or those with most bytes',
}

export const traffic = inCategory('traffic', [
  {
    name: 'bucket-requests',
    title: 'How much is each bucket used?',
    words:
      'usage of each bucket, busiest bucket, most requests; Nutzung je Bucket, wie stark wird ein Bucket genutzt',
    description:
      'Requests by the names of CloudWatch, bytes and errors of each bucket; origin and CDN apart.',
    window: '24h',
    parameters: [bucket, format, limit(100)],
    sql: `SELECT format, bucket, sum(AllRequests) AS AllRequests, sum(GetRequests) AS GetRequests, sum(PutRequests) AS PutRequests, sum(DeleteRequests) AS DeleteRequests,
  sum(HeadRequests) AS HeadRequests, sum(PostRequests) AS PostRequests, sum(ListRequests) AS ListRequests, sum(BytesDownloaded) AS BytesDownloaded,
  sum(BytesUploaded) AS BytesUploaded, sum(Errors4xx) AS Errors4xx, sum(Errors5xx) AS Errors5xx FROM requests_1m
WHERE AllRequests > 0${narrowed(bucket, format)}
GROUP BY format, bucket
ORDER BY AllRequests DESC, format, bucket`,
  },
  {
    name: 'operation-shares',
    title: 'Which operations make up the traffic?',
    words:
      'mix of operations, share percentage, most frequent operation; Anteile der Operationen, häufigste Operation',
    description:
      'Requests by operation, and their share in percent of all of the same format: origin and CDN are not added up.',
    window: '24h',
    parameters: [bucket, limit(50)],
    sql: `SELECT format, operation, requests, 100.0 * requests / sum(requests) OVER (PARTITION BY format) AS share FROM (
  SELECT format, operation, count() AS requests FROM operations
  WHERE is_request${narrowed(bucket)}
  GROUP BY format, operation
)
ORDER BY requests DESC, format, operation`,
  },
  {
    name: 'busiest-minutes',
    title: 'Which minutes were busiest?',
    words: 'peak load, peak minutes, rush, spike; Spitzenlast, Stoßzeit, stärkste Minuten',
    description: 'Requests by minute and bucket; origin and CDN apart.',
    window: '24h',
    parameters: [bucket, format, limit(20)],
    sql: `SELECT ts AS minute, format, bucket, sum(AllRequests) AS requests, sum(BytesDownloaded) AS bytes_sent, sum(Errors4xx) + sum(Errors5xx) AS errors FROM requests_1m
WHERE AllRequests > 0${narrowed(bucket, format)}
GROUP BY ts, format, bucket
ORDER BY requests DESC, minute, format, bucket`,
  },
  {
    name: 'hot-objects',
    title: 'Which objects are read most?',
    words:
      'most read popular downloaded files, hottest keys, most requested; am meisten gelesene Dateien, beliebteste Objekte',
    description: 'GET and HEAD requests by object, with the bytes that they sent; origin and CDN apart.',
    window: '24h',
    parameters: [order, bucket, prefix, format, limit(20)],
    sql: `SELECT format, bucket, key, count() AS requests, sum(bytes_sent) AS bytes_sent, count_distinct(remote_ip) AS clients, max(ts) AS last_read FROM operations
WHERE is_request AND class = 'read' AND key IS NOT NULL${narrowed(bucket, prefix, format)}
GROUP BY format, bucket, key
ORDER BY {order} DESC, format, bucket, key`,
  },
  {
    name: 'largest-reads',
    title: 'Which of the objects that are read are largest?',
    words: 'biggest files downloaded; größte gelesene Dateien',
    description:
      'Successful GETs by object, the largest objects first; of the origin alone, as the CDN logs no sizes.',
    window: '7d',
    parameters: [bucket, prefix, limit(20)],
    sql: `SELECT bucket, key, max(object_size) AS object_size, count() AS reads, sum(bytes_sent) AS bytes_sent FROM operations
WHERE is_request AND class = 'read' AND method = 'GET' AND status IN (200, 206) AND object_size IS NOT NULL${narrowed(bucket, prefix)}
GROUP BY bucket, key
ORDER BY object_size DESC, bucket, key`,
  },
  {
    name: 'partial-reads',
    title: 'How many reads fetch only a part of an object?',
    words: 'range requests 206, video seeking, resume; Teilabrufe, nur ein Teil gelesen',
    description:
      'Successful GETs by bucket: those of a range (206), as video players and resumed downloads send them, and of whole objects (200).',
    window: '7d',
    parameters: [bucket, format, limit(50)],
    sql: `SELECT format, bucket, sum(CASE WHEN status = 206 THEN 1 ELSE 0 END) AS partial_reads, sum(CASE WHEN status = 200 THEN 1 ELSE 0 END) AS whole_reads,
  100.0 * sum(CASE WHEN status = 206 THEN 1 ELSE 0 END) / count() AS partial_share, sum(CASE WHEN status = 206 THEN bytes_sent ELSE 0 END) AS partial_bytes FROM operations
WHERE is_request AND class = 'read' AND method = 'GET' AND status IN (200, 206)${narrowed(bucket, format)}
GROUP BY format, bucket
ORDER BY partial_reads DESC, format, bucket`,
  },
])
