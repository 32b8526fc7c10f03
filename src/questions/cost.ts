import { crawlerPattern } from '../cost/crawlers.ts'
import { bucket, format, inCategory, integer, limit, narrowed, prefix, price, requester } from './question.ts'

const cost = 'sum(bytes_sent) / 1073741824.0 * {price_per_gib} AS cost'
const uploaded = `operation IN ('REST.PUT.OBJECT', 'REST.POST.OBJECT', 'REST.POST.UPLOAD') AND status < 300`

export const costs = inCategory('cost', [
  {
    name: 'egress-by-client',
    title: 'Which clients cause the egress, and what does it cost?',
    words:
      'bandwidth bill by ip, who costs the most money, traffic cost, top downloaders; welche Clients verursachen Traffic Kosten, was kostet er',
    description:
      'Bytes sent by client address, and their price without the free allowance; origin and CDN apart.',
    window: '7d',
    parameters: [price, bucket, format, limit(20)],
    sql: `SELECT format, remote_ip, requests, bytes_sent, cost FROM (
  SELECT format, remote_ip, sum(requests) AS requests, sum(bytes_sent) AS bytes_sent, ${cost} FROM clients
  WHERE remote_ip IS NOT NULL${narrowed(bucket, format)}
  GROUP BY format, remote_ip
)
WHERE bytes_sent > 0
ORDER BY bytes_sent DESC, format, remote_ip`,
  },
  {
    name: 'egress-by-prefix',
    title: 'Which prefixes cause the egress, and what does it cost?',
    words:
      'bandwidth bill by folder, directory or path; traffic cost of a prefix; welche Ordner verursachen Traffic Kosten',
    description:
      'Bytes sent by bucket and first path segment, and their price without the free allowance; origin and CDN apart.',
    window: '7d',
    parameters: [price, bucket, format, limit(20)],
    sql: `SELECT format, bucket, key_prefix, count() AS answers, sum(bytes_sent) AS bytes_sent, ${cost} FROM egress
WHERE bytes_sent > 0${narrowed(bucket, format)}
GROUP BY format, bucket, key_prefix
ORDER BY bytes_sent DESC, format, bucket, key_prefix`,
  },
  {
    name: 'bytes-by-requester',
    title: 'How much does each requester download and upload?',
    words:
      'download and upload volume of users, anonymous downloads; Datenmenge je Benutzer, wie viel lädt ein Benutzer herunter',
    description: 'Requests and bytes by requester at the origin; those without a requester are anonymous.',
    window: '7d',
    parameters: [bucket, requester, limit(20)],
    sql: `SELECT requester, sum(requests) AS requests, sum(bytes_sent) AS bytes_sent, sum(bytes_received) AS bytes_received FROM requesters
WHERE format = 's3'${narrowed(bucket, requester)}
GROUP BY requester
ORDER BY bytes_sent DESC, requester`,
  },
  {
    name: 'hotlinks',
    title: 'Which sites link to our objects, and how much do they take?',
    words:
      'other websites embed our images videos, referer, hotlinking, foreign sites; fremde Webseiten verlinken Bilder, einbinden',
    description: 'Requests with a referer by the host in it: other sites that embed objects show up here.',
    window: '7d',
    parameters: [bucket, format, limit(20)],
    sql: `SELECT format, bucket, split_part(referer, '/', 3) AS site, count() AS requests, sum(bytes_sent) AS bytes_sent, count_distinct(key) AS objects, count_distinct(remote_ip) AS clients FROM operations
WHERE is_request AND referer IS NOT NULL${narrowed(bucket, format)}
GROUP BY format, bucket, site
ORDER BY bytes_sent DESC, format, bucket, site`,
  },
  {
    name: 'crawlers',
    title: 'How much do crawlers take?',
    words: 'search engines, bots, spiders, scrapers, Googlebot; Suchmaschinen laden herunter, Bots',
    description: 'Requests of user agents that call themselves bot, crawler, spider or slurp.',
    window: '7d',
    parameters: [bucket, format, limit(20)],
    sql: `SELECT format, user_agent, count() AS requests, sum(bytes_sent) AS bytes_sent, count_distinct(remote_ip) AS clients FROM operations
WHERE is_request AND user_agent ~ '${crawlerPattern}'${narrowed(bucket, format)}
GROUP BY format, user_agent
ORDER BY bytes_sent DESC, format, user_agent`,
  },
  {
    name: 'cold-objects',
    title: 'Which objects have not been read for long?',
    words:
      'unused stale old files nobody opens or reads, not opened for days; welche Dateien wurden lange nicht mehr gelesen, ungenutzte Objekte',
    description:
      'Objects whose last successful GET in the window, from the origin or through the CDN, is older than some days. Objects that nobody read in the window are not in the logs.',
    window: '30d',
    parameters: [integer('days', 3, 400, 'days without a read'), bucket, prefix, limit(50)],
    sql: `SELECT bucket, key, last_read, reads, bytes_read FROM objects_last_read
WHERE last_read < dateadd('d', -{days}, {to})${narrowed(bucket, prefix)}
ORDER BY last_read, bucket, key`,
  },
  {
    name: 'never-read-prefixes',
    title: 'Where do we write what nobody reads?',
    words:
      'uploaded but never downloaded, write only, wasted; hochgeladen aber nie gelesen, was niemand liest',
    description:
      'First path segments that got uploads in the window but no successful GET, neither at the origin nor through the CDN.',
    window: '30d',
    parameters: [bucket, limit(50)],
    sql: `SELECT bucket, key_prefix, uploads, bytes_received, last_upload FROM (
  SELECT bucket, key_prefix, sum(CASE WHEN ${uploaded} THEN 1 ELSE 0 END) AS uploads, sum(bytes_received) AS bytes_received,
    max(CASE WHEN ${uploaded} THEN ts END) AS last_upload, sum(CASE WHEN class = 'read' AND method = 'GET' AND status < 400 THEN 1 ELSE 0 END) AS reads FROM operations
  WHERE is_request AND key_prefix IS NOT NULL${narrowed(bucket)}
  GROUP BY bucket, key_prefix
)
WHERE uploads > 0 AND reads = 0
ORDER BY bytes_received DESC, bucket, key_prefix`,
  },
])
