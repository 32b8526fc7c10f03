import { isDeletedObject } from './deleted-object.ts'
import { objectsDeleted } from './deletions.ts'
import type { Dimension, Metric } from './metric.ts'
import {
  bytesDownloaded,
  bytesUploaded,
  count,
  errorRate,
  errorsPart,
  firstSeen,
  lastSeen,
  requests,
} from './values.ts'

/** Who asked for what most, largest first; null stands for what the log wrote as `-`. */
export const topMetrics: readonly Metric[] = [
  top('TopKeys', 'Object keys.', 'key', 'key IS NOT NULL'),
  top('TopPrefixes', 'First path segments of the keys.', 'key_prefix', 'key IS NOT NULL'),
  top('TopClientIPs', 'Client addresses.', 'remote_ip'),
  top('TopRequesters', 'Requesters; null is anonymous.', 'requester'),
  top('TopUserAgents', 'User agents.', 'user_agent'),
  top('TopReferers', 'Referers; null is none.', 'referer'),
]

function top(name: string, what: string, by: Dimension, where?: string): Metric {
  const list: Metric = {
    name,
    description: `${what} Largest first, by requests or what order names; by objects_deleted only these are counted.`,
    shape: 'top',
    by: [by],
    values: [requests, bytesDownloaded, bytesUploaded, count(errorsPart), errorRate, firstSeen, lastSeen],
    ...(where && { where }),
  }
  const deleted: Metric = { ...list, rows: isDeletedObject, values: [objectsDeleted, firstSeen, lastSeen] }
  return { ...list, orderedBy: { objects_deleted: deleted } }
}
