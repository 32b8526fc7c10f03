import type { Metric } from './metric.ts'
import { requests } from './values.ts'

/** Counts of requests, by AWS's names and definitions (Amazon S3 CloudWatch request metrics). */
export const requestMetrics: readonly Metric[] = [
  counted('AllRequests', 'Requests of any kind.'),
  counted(
    'GetRequests',
    'GET requests for objects; listings do not count.',
    "class = 'read' AND operation ILIKE '%GET%'",
  ),
  counted(
    'PutRequests',
    'PUT requests for objects, with parts of uploads and the destination of copies.',
    "(class = 'write' AND operation ILIKE '%PUT%') OR class = 'copy'",
  ),
  counted(
    'DeleteRequests',
    'DELETE requests for objects; a multi-object delete counts once.',
    "class = 'delete'",
  ),
  counted('HeadRequests', 'HEAD requests for objects and buckets.', "operation ILIKE '%HEAD%'"),
  counted(
    'PostRequests',
    'POST requests; multi-object deletes do not count.',
    "operation ILIKE '%POST%' AND class <> 'delete'",
  ),
  counted('ListRequests', 'Requests that list what a bucket holds.', "class = 'list'"),
]

function counted(name: string, description: string, where?: string): Metric {
  return { name, description, shape: 'series', by: [], values: [requests], ...(where && { where }) }
}
