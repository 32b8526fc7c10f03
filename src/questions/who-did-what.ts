import { isDeletedObject } from '../metrics/deleted-object.ts'
import {
  bucket,
  format,
  inCategory,
  integer,
  ip,
  key,
  limit,
  narrowed,
  prefix,
  requester,
} from './question.ts'

export const whoDidWhat = inCategory('who did what', [
  {
    name: 'deleted-objects',
    title: 'Which objects were deleted, by whom and when?',
    words:
      'who deleted removed erased files; what is gone; wer hat Dateien gelöscht, gelöschte Objekte, was ist weg',
    description: 'Successful deletes, newest first: single ones, and each key of multi-object deletes.',
    window: '7d',
    parameters: [bucket, prefix, key, requester, limit(100)],
    sql: `SELECT ts, bucket, key, requester, remote_ip, operation, request_id FROM operations
WHERE class = 'delete' AND key IS NOT NULL AND status < 300${narrowed(bucket, prefix, key, requester)}
ORDER BY ts DESC, bucket, key, request_id`,
  },
  {
    name: 'object-history',
    title: 'What happened to an object?',
    words:
      'history timeline of one file; who touched it; everything about one key; Verlauf Geschichte einer Datei, was ist mit der Datei passiert',
    description:
      'Every record about an object, newest first, at the origin and at the CDN: also the keys of multi-object deletes, the source halves of copies and what lifecycle rules did, which are no requests.',
    window: '30d',
    parameters: [key, bucket, limit(100)],
    sql: `SELECT ts, format, bucket, key, operation, is_request, status, requester, remote_ip, bytes_sent, bytes_received, request_id FROM operations
WHERE key IS NOT NULL${narrowed(key, bucket)}
ORDER BY ts DESC, bucket, key, operation, request_id`,
  },
  {
    name: 'object-uploads',
    title: 'Who uploaded which objects?',
    words: 'who uploaded put files; new files; wer hat hochgeladen, welche Dateien wurden hochgeladen',
    description:
      'Successful uploads, newest first: whole objects and the ends of multipart uploads; no parts and no copies.',
    window: '7d',
    parameters: [bucket, prefix, key, requester, limit(100)],
    sql: `SELECT ts, bucket, key, object_size, requester, remote_ip, operation, request_id FROM operations
WHERE operation IN ('REST.PUT.OBJECT', 'REST.POST.OBJECT', 'REST.POST.UPLOAD') AND status < 300${narrowed(bucket, prefix, key, requester)}
ORDER BY ts DESC, bucket, key, request_id`,
  },
  {
    name: 'requester-operations',
    title: 'What did a requester do?',
    words:
      'activity of a user, account or key; what has somebody done; was hat ein Benutzer gemacht getan, Aktivität eines Kontos',
    description:
      'Requests of each requester that signed, by bucket and operation; the CDN logs no requesters.',
    window: '7d',
    parameters: [requester, bucket, limit(50)],
    sql: `SELECT requester, bucket, operation, count() AS requests, sum(CASE WHEN status >= 400 THEN 1 ELSE 0 END) AS errors,
  sum(bytes_sent) AS bytes_sent, sum(bytes_received) AS bytes_received, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
WHERE is_request AND requester IS NOT NULL${narrowed(requester, bucket)}
GROUP BY requester, bucket, operation
ORDER BY requests DESC, requester, bucket, operation`,
  },
  {
    name: 'client-operations',
    title: 'What did a client address do?',
    words:
      'activity of an ip address or machine; what has it been doing; was hat eine IP-Adresse gemacht getan',
    description: 'Requests of each client address, by bucket, operation and status.',
    window: '7d',
    parameters: [ip, bucket, format, limit(50)],
    sql: `SELECT format, remote_ip, bucket, operation, status, count() AS requests, sum(bytes_sent) AS bytes_sent, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
WHERE is_request AND remote_ip IS NOT NULL${narrowed(ip, bucket, format)}
GROUP BY format, remote_ip, bucket, operation, status
ORDER BY requests DESC, format, remote_ip, bucket, operation, status`,
  },
  {
    name: 'config-changes',
    title: 'Who changed the configuration of a bucket?',
    words:
      'settings policy acl cors logging permissions changed touched; wer hat Einstellungen Richtlinie Rechte geändert',
    description:
      'Requests that set or removed a policy, ACL, lifecycle rule, logging, CORS and the like, newest first; also those that failed.',
    window: '30d',
    parameters: [bucket, requester, limit(100)],
    sql: `SELECT ts, bucket, operation, key, status, requester, remote_ip, user_agent, request_id FROM operations
WHERE class = 'config' AND method NOT IN ('GET', 'HEAD')${narrowed(bucket, requester)}
ORDER BY ts DESC, bucket, operation, request_id`,
  },
  {
    name: 'deletes-by-requester',
    title: 'Who deletes most objects?',
    words: 'who deletes most, deletions by user; wer löscht am meisten, Löschungen je Benutzer',
    description: 'Objects deleted one by one and in multi-object deletes, and the requests that it took.',
    window: '7d',
    parameters: [bucket, limit(20)],
    sql: `SELECT requester, bucket, sum(CASE WHEN ${isDeletedObject} THEN 1 ELSE 0 END) AS objects_deleted,
  sum(CASE WHEN NOT is_request AND status < 300 THEN 1 ELSE 0 END) AS of_these_in_batches,
  sum(CASE WHEN is_request THEN 1 ELSE 0 END) AS delete_requests, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
WHERE class = 'delete'${narrowed(bucket)}
GROUP BY requester, bucket
ORDER BY objects_deleted DESC, requester, bucket`,
  },
  {
    name: 'batch-deletes',
    title: 'Which multi-object deletes removed most?',
    words: 'mass delete, bulk delete; Massenlöschung, auf einmal gelöscht',
    description: 'One row for each request that deleted several objects at once, with how many.',
    window: '7d',
    parameters: [bucket, requester, limit(20)],
    sql: `SELECT min(ts) AS ts, bucket, requester, remote_ip, request_id, count() AS objects FROM operations
WHERE operation = 'BATCH.DELETE.OBJECT'${narrowed(bucket, requester)}
GROUP BY bucket, requester, remote_ip, request_id
ORDER BY objects DESC, ts, bucket, request_id`,
  },
  {
    name: 'copies',
    title: 'Which objects were copied?',
    words: 'copied duplicated renamed moved files; kopierte Objekte, Kopien',
    description:
      'Requests that copied an object, newest first. `key` is the copy; the source half of a copy is no request and does not count.',
    window: '7d',
    parameters: [bucket, prefix, limit(50)],
    sql: `SELECT ts, bucket, key, object_size, status, requester, remote_ip, request_id FROM operations
WHERE is_request AND class = 'copy'${narrowed(bucket, prefix)}
ORDER BY ts DESC, bucket, key, request_id`,
  },
  {
    name: 'lifecycle-actions',
    title: 'What did lifecycle rules do?',
    words:
      'automatic expiration, transitions, expired objects; Lebenszyklusregeln, automatisch abgelaufene Objekte',
    description:
      'What the storage did by itself: expired objects, moved ones, ended uploads. Nobody asked, so these are no requests.',
    window: '30d',
    parameters: [bucket, limit(50)],
    sql: `SELECT bucket, operation, count() AS actions, sum(object_size) AS bytes, min(ts) AS first_seen, max(ts) AS last_seen FROM operations
WHERE class = 'lifecycle'${narrowed(bucket)}
GROUP BY bucket, operation
ORDER BY actions DESC, bucket, operation`,
  },
  {
    name: 'new-clients',
    title: 'Which clients are new?',
    words:
      'first seen, never seen before, unknown strangers, new visitors; neue Besucher, noch nie gesehen, unbekannte Adressen',
    description:
      'Client addresses that asked for a bucket in the last hours of the window and never before in it.',
    window: '7d',
    parameters: [
      integer('hours', 24, 720, 'how many hours before the end of the window count as new'),
      bucket,
      format,
      limit(20),
    ],
    sql: `SELECT format, bucket, remote_ip, requests, errors, bytes_sent, first_seen FROM clients
WHERE remote_ip IS NOT NULL AND first_seen >= dateadd('h', -{hours}, {to})${narrowed(bucket, format)}
ORDER BY requests DESC, format, bucket, remote_ip`,
  },
])
