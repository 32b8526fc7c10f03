import { bucket, format, inCategory, limit, narrowed } from './question.ts'

export const security = inCategory('security', [
  {
    name: 'anonymous-requests',
    title: 'What is asked for without credentials?',
    words: 'access without login, unsigned, unauthenticated; ohne Anmeldung abgerufen, anonyme Zugriffe',
    description:
      'Unsigned requests to the origin by bucket and operation, and how many of them were refused.',
    window: '7d',
    parameters: [bucket, limit(50)],
    sql: `SELECT bucket, operation, count() AS requests, sum(CASE WHEN status = 403 THEN 1 ELSE 0 END) AS refused, count_distinct(remote_ip) AS clients, sum(bytes_sent) AS bytes_sent FROM operations
WHERE is_request AND format = 's3' AND requester IS NULL${narrowed(bucket)}
GROUP BY bucket, operation
ORDER BY requests DESC, bucket, operation`,
  },
  {
    name: 'old-signatures',
    title: 'Who still signs with Signature Version 2?',
    words: 'SigV2 signature v2, legacy signing; alte Signaturen, wer signiert noch mit Version 2',
    description: 'Requests with SigV2 signatures, by requester, client address and software.',
    window: '7d',
    parameters: [bucket, limit(50)],
    sql: `SELECT requester, remote_ip, user_agent, count() AS requests, max(ts) AS last_seen FROM operations
WHERE is_request AND signature_version = 'SigV2'${narrowed(bucket)}
GROUP BY requester, remote_ip, user_agent
ORDER BY requests DESC, requester, remote_ip, user_agent`,
  },
  {
    name: 'old-tls',
    title: 'Who still uses old TLS or none?',
    words:
      'outdated encryption ssl https, unencrypted http, insecure connections; veraltete Verschlüsselung, unverschlüsselt',
    description: 'Requests with SSL, TLS 1.0 or 1.1, or without TLS (tls_version is null), by software.',
    window: '7d',
    parameters: [bucket, format, limit(50)],
    sql: `SELECT format, tls_version, user_agent, count() AS requests, count_distinct(remote_ip) AS clients, max(ts) AS last_seen FROM operations
WHERE is_request AND (upper(tls_version) IN ('SSLV2', 'SSLV3', 'TLSV1', 'TLSV1.0', 'TLSV1.1') OR tls_version IS NULL)${narrowed(bucket, format)}
GROUP BY format, tls_version, user_agent
ORDER BY requests DESC, format, tls_version, user_agent`,
  },
  {
    name: 'auth-types',
    title: 'How are requests signed: by header, by presigned address or not at all?',
    words: 'signed unsigned presigned links, authentication; signiert, unsigniert, vorsignierte Links',
    description:
      'Requests to the origin by bucket and auth_type: AuthHeader, QueryString for presigned addresses, null for anonymous.',
    window: '7d',
    parameters: [bucket, limit(50)],
    sql: `SELECT bucket, auth_type, count() AS requests, count_distinct(remote_ip) AS clients, sum(bytes_sent) AS bytes_sent, sum(bytes_received) AS bytes_received FROM operations
WHERE is_request AND format = 's3'${narrowed(bucket)}
GROUP BY bucket, auth_type
ORDER BY requests DESC, bucket, auth_type`,
  },
  {
    name: 'host-styles',
    title: 'How do clients address buckets: by host name, by path or under a name of their own?',
    words: 'virtual hosted or path style, custom domain; Pfad oder Hostname, eigene Domain',
    description:
      'Requests to the origin by bucket and style: virtual (bucket.endpoint), path (endpoint/bucket), custom (any other host).',
    window: '7d',
    parameters: [bucket, limit(50)],
    sql: `SELECT bucket, CASE WHEN starts_with(host, concat(bucket, '.')) THEN 'virtual' WHEN strpos(request_uri, concat(' /', bucket, '/')) > 0 THEN 'path' ELSE 'custom' END AS style,
  count() AS requests, count_distinct(remote_ip) AS clients FROM operations
WHERE is_request AND format = 's3' AND host IS NOT NULL${narrowed(bucket)}
GROUP BY bucket, style
ORDER BY requests DESC, bucket, style`,
  },
  {
    name: 'ipv6-share',
    title: 'How many clients come over IPv6?',
    words: 'IPv4 or IPv6, share of ipv6; Anteil IPv6',
    description:
      'Requests and client addresses by bucket, and the share of IPv6 in percent; origin and CDN apart.',
    window: '7d',
    parameters: [bucket, format, limit(50)],
    sql: `SELECT format, bucket, count() AS requests, sum(CASE WHEN strpos(remote_ip, ':') > 0 THEN 1 ELSE 0 END) AS ipv6_requests,
  100.0 * sum(CASE WHEN strpos(remote_ip, ':') > 0 THEN 1 ELSE 0 END) / count() AS ipv6_share, count_distinct(remote_ip) AS clients,
  count_distinct(CASE WHEN strpos(remote_ip, ':') > 0 THEN remote_ip END) AS ipv6_clients FROM operations
WHERE is_request AND remote_ip IS NOT NULL${narrowed(bucket, format)}
GROUP BY format, bucket
ORDER BY requests DESC, format, bucket`,
  },
])
