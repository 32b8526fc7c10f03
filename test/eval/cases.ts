import type { Given } from '../../src/questions/bind.ts'
import type { DemoData } from '../questions/demo-data.ts'
import { expected } from '../questions/truths.ts'

/** A question in words, and which columns of the first row that a plain loop counts its answer must state. */
export interface EvalCase {
  /** The question of the library that answers it. */
  name: string
  words: string
  states: readonly string[]
  parameters?: Given
}

const contractor = 'arn:aws:iam::104220117733:user/contractor'

export const cases: readonly EvalCase[] = [
  {
    name: 'deleted-objects',
    words: 'Which object in app-uploads was deleted last, and by which requester?',
    states: ['key', 'requester'],
    parameters: { bucket: 'app-uploads' },
  },
  {
    name: 'object-history',
    words: 'What was the last operation on users/290/6865ced231.docx in app-uploads, with which status?',
    states: ['operation', 'status'],
    parameters: { bucket: 'app-uploads', key: 'users/290/6865ced231.docx' },
  },
  {
    name: 'object-uploads',
    words: 'What was uploaded last to db-backups, and how many bytes does it have?',
    states: ['key', 'object_size'],
    parameters: { bucket: 'db-backups' },
  },
  {
    name: 'requester-operations',
    words: `What did ${contractor} do most in the last 7 days, and how often?`,
    states: ['operation', 'requests'],
    parameters: { requester: contractor },
  },
  {
    name: 'client-operations',
    words: 'What did the client 203.0.113.66 do in the last 7 days: how many requests, with which status?',
    states: ['requests', 'status'],
    parameters: { ip: '203.0.113.66' },
  },
  {
    name: 'config-changes',
    words: 'What was the last change of a bucket configuration, in which bucket?',
    states: ['operation', 'bucket'],
  },
  {
    name: 'deletes-by-requester',
    words: 'Who deleted most objects in the last 7 days, and how many?',
    states: ['requester', 'objects_deleted'],
  },
  {
    name: 'batch-deletes',
    words: 'How many objects did the largest multi-object delete of the last 7 days remove, and who sent it?',
    states: ['objects', 'requester'],
  },
  { name: 'copies', words: 'Which object did the last copy of the week write?', states: ['key'] },
  {
    name: 'lifecycle-actions',
    words: 'What did lifecycle rules do most in the last 30 days, and how often?',
    states: ['operation', 'actions'],
  },
  {
    name: 'new-clients',
    words: 'Which client came new within the last 24 hours of the week and sent most requests? How many?',
    states: ['remote_ip', 'requests'],
  },
  {
    name: 'frequent-errors',
    words: 'Which error was most frequent in the last 7 days, and how often did it happen?',
    states: ['error_code', 'errors'],
  },
  {
    name: 'server-errors',
    words: 'Which request failed last on the server side within 24 hours: which key, which status?',
    states: ['key', 'status'],
  },
  {
    name: 'error-rate-by-hour',
    words: 'What was the error rate of the origin in the hour from 09:00 today?',
    states: ['error_rate'],
    parameters: { format: 's3' },
  },
  {
    name: 'error-bursts',
    words: 'In which minute did most requests fail in the last 7 days, and how many?',
    states: ['minute', 'errors'],
  },
  {
    name: 'scans',
    words: 'Who probed for most forbidden or missing objects in the last 7 days, and how many keys?',
    states: ['remote_ip', 'keys'],
  },
  {
    name: 'missing-objects',
    words: 'Which missing object was asked for most in the last 7 days, and how often?',
    states: ['key', 'requests'],
  },
  {
    name: 'failed-uploads',
    words: 'Which uploads failed most in the last 7 days: by whom, with which error, how many?',
    states: ['requester', 'error_code', 'uploads'],
  },
  {
    name: 'throttled-seconds',
    words: 'In which second were most requests throttled in the last 7 days, and from which client?',
    states: ['second', 'remote_ip'],
  },
  {
    name: 'latency-by-operation',
    words: 'What are p95 and maximum of the most frequent origin operation in the last 24 hours?',
    states: ['p95_ms', 'max_ms'],
    parameters: { format: 's3' },
  },
  {
    name: 'latency-breakdown',
    words: 'How much of the average time of a REST.GET.OBJECT in the last 24 hours is the store?',
    states: ['avg_store_ms'],
    parameters: { format: 's3' },
  },
  {
    name: 'latency-by-size',
    words: 'What is the median of reads of the smallest objects in the last 7 days, over how many requests?',
    states: ['p50_ms', 'requests'],
  },
  {
    name: 'bucket-requests',
    words:
      'Which bucket had most origin requests in the last 24 hours, how many, and how many bytes were downloaded?',
    states: ['bucket', 'AllRequests', 'BytesDownloaded'],
    parameters: { format: 's3' },
  },
  {
    name: 'operation-shares',
    words: 'Which origin operation is most frequent in the last 24 hours, and what is its share in percent?',
    states: ['operation', 'share'],
  },
  {
    name: 'busiest-minutes',
    words: 'How many requests did the busiest minute of the last 24 hours have, in which bucket?',
    states: ['requests', 'bucket'],
  },
  {
    name: 'hot-objects',
    words: 'Which object was read most in the last 24 hours, how often?',
    states: ['key', 'requests'],
  },
  {
    name: 'largest-reads',
    words: 'Which is the largest object that was read in the last 7 days, and how large is it?',
    states: ['key', 'object_size'],
  },
  {
    name: 'partial-reads',
    words:
      'How many reads of media-assets from the origin fetched only a part in the last 7 days, and which share is that?',
    states: ['partial_reads', 'partial_share'],
    parameters: { bucket: 'media-assets', format: 's3' },
  },
  {
    name: 'egress-by-client',
    words: 'Which client caused most egress in the last 7 days, and how many bytes?',
    states: ['remote_ip', 'bytes_sent'],
  },
  {
    name: 'egress-by-prefix',
    words: 'Which prefix caused most egress in the last 7 days, and how many bytes?',
    states: ['key_prefix', 'bytes_sent'],
  },
  {
    name: 'bytes-by-requester',
    words: 'How many bytes did anonymous requesters download in the last 7 days, in how many requests?',
    states: ['bytes_sent', 'requests'],
  },
  {
    name: 'hotlinks',
    words: 'Which other site links most to our objects in the last 7 days, and how many bytes did it take?',
    states: ['site', 'bytes_sent'],
  },
  {
    name: 'crawlers',
    words: 'How many origin requests did crawlers make in the last 7 days, for how many bytes?',
    states: ['requests', 'bytes_sent'],
    parameters: { format: 's3' },
  },
  {
    name: 'cold-objects',
    words: 'Which object that was read once has not been read for longest?',
    states: ['key'],
  },
  {
    name: 'anonymous-requests',
    words: 'What is asked for most without credentials in the last 7 days, and how often?',
    states: ['bucket', 'operation', 'requests'],
  },
  {
    name: 'old-signatures',
    words: 'Who signs most with Signature Version 2 in the last 7 days, and how many requests?',
    states: ['requester', 'requests'],
  },
  {
    name: 'old-tls',
    words:
      'Which user agent made most requests without TLS, or with an old one, in the last 7 days? How many?',
    states: ['user_agent', 'requests'],
  },
  {
    name: 'auth-types',
    words: 'How many requests to media-assets were not signed at all in the last 7 days?',
    states: ['requests'],
    parameters: { bucket: 'media-assets' },
  },
  {
    name: 'host-styles',
    words:
      'Which style do most requests to app-uploads address the bucket by in the last 7 days, and how many?',
    states: ['style', 'requests'],
    parameters: { bucket: 'app-uploads' },
  },
  {
    name: 'ipv6-share',
    words: 'Which share of the origin requests to media-assets came over IPv6 in the last 7 days?',
    states: ['ipv6_share'],
    parameters: { bucket: 'media-assets', format: 's3' },
  },
  {
    name: 'cdn-hit-ratio',
    words:
      'What is the cache hit ratio of the CDN for media-assets in the last 7 days, and how many hits were there?',
    states: ['hit_ratio', 'hits'],
    parameters: { bucket: 'media-assets' },
  },
  {
    name: 'cdn-edges',
    words: 'Which edge location of the CDN answered most in the last 7 days, and how many requests?',
    states: ['edge_location', 'requests'],
  },
  {
    name: 'storage-growth',
    words: 'By how many bytes and objects did media-assets grow?',
    states: ['more_bytes', 'more_objects'],
    parameters: { bucket: 'media-assets' },
  },
  {
    name: 'delivery-lag',
    words: 'How late did the access logs of today arrive in the median, in seconds?',
    states: ['p50_seconds'],
  },
  {
    name: 'refused-lines',
    words: 'How many log lines were refused for a bad time in the last 30 days?',
    states: ['lines'],
  },
]

/** What the answer to a case must state, counted from what the generator did. */
export function truthOf({ name, parameters = {}, states }: EvalCase, demo: DemoData): (string | number)[] {
  const [first] = expected(name, demo, { parameters }).rows
  return states.map((column) => {
    const value = first?.[column]
    if (typeof value === 'string' || typeof value === 'number') return value
    throw new Error(`${name} has no ${column} in its first row`)
  })
}

const scales = [1, 1e3, 1024, 1e6, 1024 ** 2, 1e9, 1024 ** 3, 1e12, 1024 ** 4]

/** Whether a text states a value: a text or moment literally, a number as rounded as it is written, or within `share` of it. */
export function stated(text: string, value: string | number, share = 0): boolean {
  if (typeof value === 'string') {
    const [minute] = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?/.exec(value) ?? []
    // Clean Markdown tells addresses and e-mails apart from links by a space.
    const plain = text.replaceAll(/(?<=@|:\/\/|www\.) /g, '').replaceAll('\\', '')
    if (!minute) return plain.includes(value.replaceAll('\\', ''))
    return [minute, minute.slice(0, 16)].some(
      (moment) => plain.includes(moment) || plain.includes(moment.replace('T', ' ')),
    )
  }
  for (const [, whole = '', fraction = ''] of text.matchAll(/(?<![\d.,])(\d[\d,]*)(\.\d+)?/g)) {
    const said = Number(whole.replaceAll(',', '') + fraction)
    const within = fraction ? 0.5 * 10 ** (1 - fraction.length) : 0.5
    if (
      scales.some(
        (scale) =>
          (scale === 1 || fraction) &&
          Math.abs(said * scale - Math.abs(value)) <= within * scale + share * Math.abs(value) + 1e-9,
      )
    )
      return true
  }
  return false
}
