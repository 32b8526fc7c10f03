import type { Detector } from '../detector.ts'
import { awsOn, counted, json } from '../quote.ts'

export const logsStopped: Detector = {
  name: 'logs-stopped',
  title: 'Access logs have stopped',
  question: 'Are no log objects delivered at hours at which they always are?',
  severity: 'critical',
  every: 'hour',
  thresholds: {
    hours: {
      default: 3,
      unit: 'hours of a day',
      reason: 'deliveries usually take an hour and may take two',
      source: 'https://docs.digitalocean.com/products/spaces/how-to/access-logs/',
    },
    share: {
      default: 80,
      unit: 'percent of the days before',
      reason: 'at an hour at which logs came so often something is always logged',
      source: null,
    },
    known_days: { default: 5, unit: 'days of logs', reason: 'fewer show no habit', source: null },
  },
  past_days: 28,
  subject: ['source'],
  measure: 'usual',
  sql: `WITH hours AS (
  SELECT timestamp_floor('1h', ts) AS at, source, count() AS objects FROM log_objects
  GROUP BY at, source
), usual AS (
  SELECT source, hour(at) AS hour, count(at) AS days, avg(objects) AS objects FROM hours
  WHERE at < {from}
  GROUP BY source, hour
), expected AS (
  SELECT dateadd('h', u.hour, cast({from} AS timestamp)) AS at, u.source AS source, u.objects AS usual, u.days AS days, datediff('d', l.since, cast({from} AS timestamp)) AS known FROM usual u JOIN (
    SELECT source, min(ts) AS since FROM log_objects
    GROUP BY source
  ) l ON u.source = l.source
), missing AS (
  SELECT e.at AS at, e.source AS source, e.usual AS usual FROM expected e LEFT JOIN hours h ON e.at = h.at AND e.source = h.source
  WHERE e.at < {to} AND h.objects IS NULL AND e.known >= {known_days} AND 100.0 * e.days >= {share} * e.known
)
SELECT m.at AS at, m.source AS source, m.usual AS usual, n.hours AS hours
FROM missing m JOIN (
  SELECT source, count(at) AS hours FROM missing
  GROUP BY source
) n ON m.source = n.source
WHERE n.hours >= {hours}
ORDER BY at, source`,
  says: ({ usual, hours }) =>
    `No log object was delivered in ${counted(hours, 'hour')} of a day in which there always are some, ${round(usual)} in one of these. Whatever happens meanwhile is not seen.`,
  evidence: [
    {
      title: 'Deliveries by hour',
      before_days: 2,
      sql: `SELECT timestamp_floor('1h', ts) AS hour, count() AS log_objects, sum(rows) AS records FROM log_objects
WHERE {subject}
GROUP BY hour
ORDER BY hour DESC LIMIT 100`,
    },
    {
      title: 'What was done to the configuration of logging',
      before_days: 2,
      sql: `SELECT ts, bucket, operation, status, requester, remote_ip FROM operations
WHERE operation LIKE '%LOGGING%' AND method NOT IN ('GET', 'HEAD') AND {subject}
ORDER BY ts DESC, bucket LIMIT 20`,
    },
  ],
  remedies: () => [
    {
      title: 'See whether logging is on, and switch it on again (with a full-access key; put the names in)',
      language: 'shell',
      text: `${awsOn} s3api get-bucket-logging --bucket BUCKET
${awsOn} s3api put-bucket-logging --bucket BUCKET --bucket-logging-status file://logging.json`,
    },
    {
      title: 'logging.json',
      language: 'json',
      text: json({ LoggingEnabled: { TargetBucket: 'LOG_BUCKET', TargetPrefix: 'LOG_PREFIX/' } }),
    },
  ],
}

export const refusedLines: Detector = {
  name: 'refused-lines',
  title: 'More log lines cannot be read',
  question: 'Do more lines of the logs than before come in a form that no parser takes?',
  severity: 'warning',
  every: 'hour',
  thresholds: {
    lines: {
      default: 20,
      unit: 'lines an hour',
      reason: 'a writer that dies leaves one cut line',
      source: null,
    },
    share: {
      default: 1,
      unit: 'percent of the lines',
      reason: 'fewer change no figure that is looked at',
      source: null,
    },
    times: {
      default: 5,
      unit: 'times',
      reason: 'compared with the share of the week before: what is always refused is known',
      source: null,
    },
  },
  past_days: 7,
  subject: ['source'],
  measure: 'refused',
  sql: `SELECT n.at AS at, n.source AS source, n.refused AS refused, n.lines AS lines, 100.0 * n.refused / n.lines AS percent,
  100.0 * coalesce(p.refused, 0) / coalesce(p.lines, 1) AS usual_percent, n.first_seen AS first_seen, n.last_seen AS last_seen
FROM (
  SELECT timestamp_floor('1h', ts) AS at, source, sum(refused) AS refused, sum(lines) AS lines, min(ts) AS first_seen, max(ts) AS last_seen FROM log_objects
  WHERE ts >= {from}
  GROUP BY at, source
) n LEFT JOIN (
  SELECT source, sum(refused) AS refused, sum(lines) AS lines FROM log_objects
  WHERE ts < {from}
  GROUP BY source
) p ON n.source = p.source
WHERE n.refused >= {lines} AND 100.0 * n.refused >= {share} * n.lines
  AND 1.0 * n.refused / n.lines >= {times} * (1.0 * coalesce(p.refused, 0) / coalesce(p.lines, 1))
ORDER BY refused DESC, at, source`,
  says: ({ refused, lines, percent, usual_percent }) =>
    `${refused} of ${counted(lines, 'line')} that were delivered within an hour could not be read: ${round(percent)} %, before ${round(usual_percent)} %. What they tell is missing from every figure.`,
  evidence: [
    {
      title: 'By reason, with an example',
      sql: `SELECT reason, count() AS lines, count_distinct(log_object) AS log_objects, first(excerpt) AS example, max(ts) AS last_seen FROM refused_lines
WHERE {subject}
GROUP BY reason
ORDER BY lines DESC, reason LIMIT 50`,
    },
    {
      title: 'In which log objects',
      sql: `SELECT ts, key, lines, rows, refused, reason FROM log_objects
WHERE refused > 0 AND {subject}
ORDER BY refused DESC, key LIMIT 50`,
    },
  ],
  remedies: () => [
    {
      title: 'Who writes into the log bucket besides the log delivery, and what else lies under the prefix',
      language: 'shell',
      text: `${awsOn} s3api list-objects-v2 --bucket LOG_BUCKET --prefix LOG_PREFIX/ --query 'reverse(sort_by(Contents,&LastModified))[:50].[LastModified,Size,Key]' --output text`,
    },
  ],
}

function round(value: unknown): number {
  return Number(Number(value).toPrecision(2))
}
