# Counting
SELECT count() FROM operations
SELECT count(*) FROM operations
SELECT count(*) AS requests FROM operations WHERE is_request
SELECT count(DISTINCT remote_ip) AS clients FROM operations
SELECT count_distinct(key) AS keys, count_distinct(bucket) AS buckets FROM operations
SELECT approx_count_distinct(status) AS statuses FROM operations
SELECT bucket, count() FROM operations
SELECT bucket, count() AS n FROM operations GROUP BY bucket ORDER BY n DESC, bucket
SELECT bucket, operation, count(*) AS n FROM operations GROUP BY bucket, operation ORDER BY n DESC, bucket, operation LIMIT 20
SELECT operation, COUNT(*) AS cnt FROM operations GROUP BY 1 ORDER BY 2 DESC, 1
select status, count() c from operations order by c desc, status
SELECT class, method, count() AS n FROM operations WHERE is_request ORDER BY class, method
SELECT format, count() AS n, sum(bytes_sent) AS bytes FROM operations ORDER BY format
SELECT DISTINCT bucket FROM operations ORDER BY bucket
SELECT DISTINCT bucket, format FROM operations ORDER BY bucket, format
SELECT count() AS n FROM operations WHERE status BETWEEN 400 AND 499
SELECT count() AS n FROM operations WHERE status NOT BETWEEN 200 AND 299
SELECT count() AS n FROM operations WHERE status IN (403, 404)
SELECT count() AS n FROM operations WHERE status NOT IN (200, 206, 304)
SELECT count() AS n FROM operations WHERE error_code IS NOT NULL
SELECT count() AS n FROM operations WHERE requester IS NULL AND is_request
SELECT count() AS n FROM operations WHERE NOT is_request OR status >= 400
SELECT count() AS n FROM operations WHERE NOT (status = 200) AND NOT bucket = 'photos'
SELECT count() AS n FROM operations WHERE key LIKE 'images/%'
SELECT count() AS n FROM operations WHERE key ILIKE '%.JPG'
SELECT count() AS n FROM operations WHERE key NOT LIKE '%.jpg' AND user_agent NOT ILIKE '%curl%'
SELECT count() AS n FROM operations WHERE user_agent ~ 'bot|crawler|spider'
SELECT count() AS n FROM operations WHERE user_agent !~ '(?i)mozilla'
SELECT count() AS n FROM operations WHERE starts_with(key, 'images/')
SELECT count() AS n FROM operations WHERE key = 'images/it''s here.jpg'
SELECT count() AS n FROM operations WHERE remote_ip::ipv4 << '10.0.1.0/24'
SELECT count() AS n FROM operations WHERE length(key) > 12
SELECT count() AS n FROM operations WHERE key != 'images/1.jpg' AND key <> 'images/2.jpg'
# Athena's questions about access logs
SELECT ts, remote_ip, requester, operation, key FROM operations WHERE key LIKE 'images/7%' AND operation LIKE '%DELETE%' ORDER BY ts
SELECT ts, requester, request_id, operation, key, request_uri FROM operations WHERE requester = 'user-2' ORDER BY ts DESC LIMIT 10
SELECT requester, operation, count() AS n FROM operations WHERE ts BETWEEN dateadd('d', -1, now()) AND now() GROUP BY requester, operation ORDER BY n DESC, requester, operation
SELECT sum(bytes_sent) AS upload_total FROM operations WHERE remote_ip = '10.0.1.7'
SELECT sum(bytes_sent) AS bytes_sent, sum(object_size) AS object_size, min(ts) AS first_seen FROM operations WHERE operation = 'REST.GET.OBJECT'
SELECT requester, sum(bytes_sent) AS total FROM operations WHERE bucket = 'photos' GROUP BY requester ORDER BY total DESC, requester
SELECT ts, remote_ip, key, status FROM operations WHERE status = 404 ORDER BY ts DESC LIMIT 50
SELECT w.key FROM (SELECT DISTINCT key FROM operations WHERE key IS NOT NULL) w LEFT JOIN (SELECT DISTINCT key FROM operations WHERE operation = 'REST.GET.OBJECT') r ON w.key = r.key WHERE r.key IS NULL ORDER BY w.key
SELECT operation, signature_version, count() AS n FROM operations WHERE signature_version = 'SigV2' GROUP BY operation, signature_version ORDER BY n DESC, operation
SELECT bucket, requester, remote_ip FROM operations WHERE tls_version IN ('TLSv1', 'TLSv1.1') GROUP BY bucket, requester, remote_ip ORDER BY bucket, requester, remote_ip
SELECT requester, user_agent, count() AS n FROM operations WHERE auth_type IS NULL GROUP BY requester, user_agent ORDER BY n DESC, requester, user_agent LIMIT 25
SELECT ts, total_ms, turnaround_ms, key FROM operations WHERE total_ms > 1500 ORDER BY total_ms DESC, ts LIMIT 10
SELECT bucket, count() AS throttled FROM operations WHERE status = 503 GROUP BY bucket ORDER BY bucket
# Time
SELECT ts, count() AS n FROM operations SAMPLE BY 1h
SELECT ts, count() AS n FROM operations SAMPLE BY 1h ALIGN TO CALENDAR
SELECT ts, bucket, count() AS n FROM operations SAMPLE BY 1h ORDER BY ts, bucket
SELECT ts, count() AS n FROM operations WHERE status >= 500 SAMPLE BY 10m FILL(0)
SELECT ts, sum(bytes_sent) AS bytes FROM operations WHERE bucket = 'photos' SAMPLE BY 30m FILL(NULL)
SELECT ts, avg(total_ms) AS mean FROM operations SAMPLE BY 15m FILL(PREV)
SELECT ts, avg(total_ms) AS mean FROM operations SAMPLE BY 15m FILL(LINEAR)
SELECT ts, count() AS n, sum(bytes_sent) AS bytes FROM operations SAMPLE BY 1h FILL(0, 0)
SELECT ts, count() AS n FROM operations SAMPLE BY 1d ALIGN TO CALENDAR TIME ZONE 'Europe/Berlin'
SELECT ts, count() AS n FROM operations SAMPLE BY 1h ALIGN TO CALENDAR WITH OFFSET '00:30'
SELECT ts, count() AS n FROM operations SAMPLE BY 1h ALIGN TO FIRST OBSERVATION
SELECT ts, max(total_ms) AS slowest, min(total_ms) AS fastest FROM operations SAMPLE BY 5m ORDER BY ts
SELECT ts, sum(CASE WHEN status >= 500 THEN 1 ELSE 0 END) AS errors, count() AS n FROM operations SAMPLE BY 1h
SELECT * FROM (SELECT ts, count() AS n FROM operations SAMPLE BY 1m) WHERE n > 5 ORDER BY n DESC, ts LIMIT 10
SELECT max(n) AS busiest_minute FROM (SELECT ts, count() AS n FROM operations SAMPLE BY 1m)
SELECT ts, n FROM (SELECT ts, count() AS n FROM operations SAMPLE BY 1m) ORDER BY n DESC, ts LIMIT 1
SELECT count() AS n FROM operations WHERE ts >= dateadd('h', -1, now())
SELECT count() AS n FROM operations WHERE ts > dateadd('m', -90, now()) AND ts <= now()
SELECT count() AS n FROM operations WHERE ts IN today()
SELECT count() AS n FROM operations WHERE ts IN '2026'
SELECT count() AS n FROM operations WHERE ts BETWEEN '2020-01-01' AND '2035-01-01T00:00:00Z'
SELECT count() AS n FROM operations WHERE ts >= '2020-01-01T00:00:00.000000Z'
SELECT hour(ts) AS h, count() AS n FROM operations GROUP BY h ORDER BY h
SELECT day_of_week(ts) AS d, hour(ts) AS h, count() AS n FROM operations GROUP BY d, h ORDER BY d, h
SELECT extract(hour FROM ts) AS h, count() AS n FROM operations ORDER BY h
SELECT date_trunc('hour', ts) AS h, count() AS n FROM operations GROUP BY h ORDER BY h
SELECT timestamp_floor('5m', ts) AS t, count() AS n FROM operations GROUP BY t ORDER BY t
SELECT timestamp_floor('1h', ts) AS t, bucket, sum(bytes_sent) AS bytes FROM operations GROUP BY t, bucket ORDER BY t, bucket
SELECT to_str(ts, 'yyyy-MM-dd') AS day, count() AS n FROM operations GROUP BY day ORDER BY day
SELECT year(ts) AS y, month(ts) AS m, day(ts) AS d, count() AS n FROM operations ORDER BY y, m, d
SELECT min(ts) AS first, max(ts) AS last, datediff('m', min(ts), max(ts)) AS minutes FROM operations
SELECT to_timezone(max(ts), 'Europe/Berlin') AS local FROM operations
SELECT bucket, max(ts) AS newest FROM operations GROUP BY bucket ORDER BY bucket
SELECT ts, key, status FROM operations WHERE ts = (SELECT max(ts) FROM operations)
SELECT dateadd('d', 1, min(ts)) AS x, week_of_year(max(ts)) AS w, is_leap_year(max(ts)) AS leap FROM operations
# The newest of each
SELECT bucket, ts, key, status FROM operations LATEST ON ts PARTITION BY bucket
SELECT bucket, key, ts FROM operations WHERE status = 200 LATEST ON ts PARTITION BY bucket
SELECT bucket, operation, ts FROM operations LATEST ON ts PARTITION BY bucket, operation ORDER BY bucket, operation
SELECT * FROM snapshots LATEST ON ts PARTITION BY bucket
SELECT bucket, objects, bytes FROM snapshots LATEST ON ts PARTITION BY bucket ORDER BY bytes DESC
SELECT bucket, last(status) AS newest_status, first(status) AS oldest_status FROM operations ORDER BY bucket
SELECT sum(objects) AS objects, sum(bytes) AS bytes FROM (SELECT * FROM snapshots LATEST ON ts PARTITION BY bucket)
# Latency
SELECT approx_percentile(total_ms, 0.95, 2) AS p95 FROM operations
SELECT bucket, approx_percentile(total_ms, 0.5, 2) AS p50, approx_percentile(total_ms, 0.99, 2) AS p99 FROM operations GROUP BY bucket ORDER BY bucket
SELECT ts, approx_percentile(total_ms, 0.95, 2) AS p95 FROM operations SAMPLE BY 30m
SELECT operation, approx_percentile(total_ms, 0.95) AS p95, max(total_ms) AS slowest, avg(total_ms) AS mean FROM operations GROUP BY operation ORDER BY operation
SELECT approx_median(total_ms) AS median FROM operations WHERE operation = 'REST.GET.OBJECT'
SELECT operation, avg(turnaround_ms) AS own, avg(total_ms) - avg(turnaround_ms) AS transfer FROM operations ORDER BY operation
SELECT CASE WHEN object_size < 50000 THEN 'small' WHEN object_size < 80000 THEN 'medium' ELSE 'large' END AS size, avg(total_ms) AS mean, count() AS n FROM operations GROUP BY size ORDER BY size
SELECT CASE class WHEN 'read' THEN 'in' WHEN 'write' THEN 'out' ELSE 'other' END AS way, count() AS n FROM operations ORDER BY way
SELECT stddev(total_ms) AS spread, variance(total_ms) AS v FROM operations WHERE bucket = 'photos'
SELECT round(avg(total_ms), 1) AS mean, round(stddev_samp(total_ms), 2) AS sd FROM operations
SELECT corr(total_ms, bytes_sent) AS r FROM operations
SELECT bucket, sum(total_ms) / count() AS mean, sum(total_ms) * 1.0 / count() AS exact FROM operations ORDER BY bucket
SELECT key, total_ms, bytes_sent, 1000.0 * bytes_sent / total_ms AS bytes_per_second FROM operations WHERE total_ms > 0 ORDER BY bytes_per_second DESC, ts LIMIT 5
SELECT floor(total_ms / 500) * 500 AS b, count() AS n FROM operations GROUP BY b ORDER BY b
SELECT (total_ms / 100) * 100 AS bin, count() AS n FROM operations WHERE total_ms IS NOT NULL GROUP BY bin ORDER BY bin
SELECT total_ms % 10 AS last_digit, count() AS n FROM operations ORDER BY last_digit
SELECT sum(CASE WHEN total_ms > 1000 THEN 1 ELSE 0 END) AS slow, count() AS n, 100.0 * sum(CASE WHEN total_ms > 1000 THEN 1 ELSE 0 END) / count() AS pct FROM operations
# Errors
SELECT status, error_code, count() AS n FROM errors ORDER BY n DESC, status, error_code
SELECT bucket, key, count() AS n FROM errors WHERE status = 404 GROUP BY bucket, key ORDER BY n DESC, bucket, key LIMIT 10
SELECT remote_ip, count() AS n FROM errors WHERE status = 403 GROUP BY remote_ip ORDER BY n DESC, remote_ip LIMIT 10
SELECT ts, sum(CASE WHEN status >= 500 THEN 1 ELSE 0 END) AS server, sum(CASE WHEN status < 500 THEN 1 ELSE 0 END) AS client FROM errors SAMPLE BY 1h
SELECT bucket, 100.0 * sum(CASE WHEN status >= 400 THEN 1 ELSE 0 END) / count() AS error_rate FROM operations WHERE is_request GROUP BY bucket ORDER BY error_rate DESC, bucket
SELECT * FROM (SELECT bucket, operation, count() AS n, sum(CASE WHEN status >= 400 THEN 1 ELSE 0 END) AS bad FROM operations GROUP BY bucket, operation) WHERE bad > 5 ORDER BY bad DESC, bucket, operation
SELECT ts, status, key, user_agent FROM errors ORDER BY ts DESC LIMIT 20
SELECT status / 100 AS family, count() AS n FROM operations GROUP BY family ORDER BY family
SELECT concat(status / 100, 'xx') AS family, count() AS n FROM operations ORDER BY family
SELECT error_code, min(ts) AS first, max(ts) AS last, count_distinct(key) AS keys FROM errors WHERE error_code IS NOT NULL GROUP BY error_code ORDER BY error_code
SELECT coalesce(error_code, 'none') AS code, count() AS n FROM operations GROUP BY code ORDER BY code
SELECT nullif(method, 'GET') AS other, count() AS n FROM operations ORDER BY other
SELECT bool_or(status >= 500) AS broken, bool_and(is_request) AS all_requests FROM operations
# Traffic and cost
SELECT bucket, sum(bytes_sent) AS bytes FROM egress GROUP BY bucket ORDER BY bytes DESC
SELECT key_prefix, sum(bytes_sent) AS bytes, count() AS n FROM egress GROUP BY key_prefix ORDER BY bytes DESC, key_prefix
SELECT remote_ip, sum(bytes_sent) AS bytes FROM egress GROUP BY remote_ip ORDER BY bytes DESC, remote_ip LIMIT 10
SELECT ts, sum(bytes_sent) / 1073741824.0 * 0.01 AS dollars FROM egress SAMPLE BY 1h
SELECT referer, sum(bytes_sent) AS bytes FROM egress WHERE referer IS NOT NULL GROUP BY referer ORDER BY bytes DESC, referer LIMIT 5
SELECT regexp_replace(referer, '^https?://([^/]+).*$', '$1') AS site, sum(bytes_sent) AS bytes FROM egress GROUP BY site ORDER BY bytes DESC, site
SELECT split_part(referer, '/', 3) AS site, count() AS n FROM operations GROUP BY site ORDER BY n DESC, site
SELECT split_part(key, '.', 2) AS extension, count() AS n, sum(bytes_sent) AS bytes FROM egress GROUP BY extension ORDER BY bytes DESC, extension
SELECT user_agent, sum(bytes_sent) AS bytes FROM egress WHERE user_agent ILIKE '%bot%' GROUP BY user_agent ORDER BY bytes DESC, user_agent
SELECT size_pretty(sum(bytes_sent)) AS sent FROM egress
SELECT status, sum(bytes_sent) AS bytes FROM egress GROUP BY status ORDER BY status
SELECT cache_result, count() AS n FROM operations WHERE format = 'cdn' GROUP BY cache_result ORDER BY cache_result
SELECT 100.0 * sum(CASE WHEN cache_result = 'Hit' THEN 1 ELSE 0 END) / count() AS hit_rate FROM operations WHERE format = 'cdn'
SELECT upper(bucket) AS b, lower(method) AS m, count() AS n FROM operations GROUP BY b, m ORDER BY b, m
SELECT left(key, 6) AS start, count() AS n FROM operations GROUP BY start ORDER BY n DESC, start LIMIT 10
SELECT substring(key, 1, 3) AS part, right(key, 3) AS extension, count() AS n FROM operations ORDER BY part, extension
SELECT trim(concat(' ', bucket, ' ')) AS b, length(bucket) AS l, strpos(bucket, 'o') AS p FROM operations LATEST ON ts PARTITION BY bucket
SELECT bucket || '/' || key_prefix AS place, count() AS n FROM operations GROUP BY place ORDER BY place
SELECT replace(bucket, 'photos', 'pictures') AS b, count() AS n FROM operations GROUP BY b ORDER BY b
# Per minute
SELECT ts, sum(AllRequests) AS requests FROM requests_1m SAMPLE BY 1h
SELECT bucket, sum(AllRequests) AS requests, sum(GetRequests) AS gets, sum(PutRequests) AS puts FROM requests_1m GROUP BY bucket ORDER BY bucket
SELECT sum(BytesDownloaded) AS down, sum(BytesUploaded) AS up FROM requests_1m
SELECT ts, sum(Errors4xx) AS e4, sum(Errors5xx) AS e5 FROM requests_1m SAMPLE BY 30m FILL(0, 0)
SELECT ts, 100.0 * sum(Errors5xx) / sum(AllRequests) AS rate FROM requests_1m SAMPLE BY 1h
SELECT operation, max(total_ms_max) AS slowest, sum(total_ms_sum) / sum(AllRequests) AS mean FROM requests_1m WHERE AllRequests > 0 GROUP BY operation ORDER BY operation
SELECT ts, requests FROM (SELECT ts, sum(AllRequests) AS requests FROM requests_1m SAMPLE BY 1m) ORDER BY requests DESC, ts LIMIT 3
SELECT max(AllRequests) AS most FROM requests_1m WHERE bucket = 'photos'
SELECT class, sum(DeleteRequests) AS deletes, sum(ListRequests) AS lists, sum(HeadRequests) AS heads, sum(PostRequests) AS posts FROM requests_1m GROUP BY class ORDER BY class
SELECT * FROM requests_1m WHERE bucket = 'photos' ORDER BY ts, operation, format LIMIT 5
SELECT ts, AllRequests FROM requests_1m WHERE operation = 'REST.GET.OBJECT' AND bucket = 'photos' AND format = 's3' ORDER BY ts DESC LIMIT 5
# Clients and objects
SELECT remote_ip, requests, errors, bytes_sent FROM clients ORDER BY requests DESC, remote_ip, bucket, format LIMIT 10
SELECT remote_ip, sum(requests) AS n, min(first_seen) AS first, max(last_seen) AS last FROM clients GROUP BY remote_ip ORDER BY n DESC, remote_ip LIMIT 10
SELECT bucket, count() AS clients, sum(requests) AS requests FROM clients GROUP BY bucket ORDER BY bucket
SELECT remote_ip, 100.0 * errors / requests AS error_rate FROM clients WHERE requests >= 5 ORDER BY error_rate DESC, remote_ip, bucket, format LIMIT 5
SELECT key, last_read, reads FROM objects_last_read WHERE bucket = 'photos' ORDER BY last_read LIMIT 10
SELECT bucket, key FROM objects_last_read WHERE last_read < dateadd('h', -2, now()) ORDER BY bucket, key LIMIT 10
SELECT key_prefix, count() AS objects, sum(bytes_read) AS bytes FROM objects_last_read GROUP BY key_prefix ORDER BY bytes DESC, key_prefix
SELECT key, reads, bytes_read FROM objects_last_read ORDER BY reads DESC, key, bucket LIMIT 5
SELECT key FROM objects_last_read EXCEPT SELECT key FROM errors WHERE status = 404 ORDER BY key LIMIT 10
SELECT user_agent, count_distinct(remote_ip) AS addresses FROM operations GROUP BY user_agent ORDER BY addresses DESC, user_agent LIMIT 10
SELECT remote_ip, count_distinct(key) AS keys, count() AS n FROM operations WHERE class = 'read' GROUP BY remote_ip ORDER BY keys DESC, remote_ip LIMIT 10
SELECT requester, count() AS deletes FROM operations WHERE class = 'delete' GROUP BY requester ORDER BY deletes DESC, requester
SELECT remote_ip, mode(user_agent) AS usual FROM operations WHERE remote_ip = '10.0.1.7' GROUP BY remote_ip
# The ledger and the rest
SELECT state, count() AS objects, sum(lines) AS lines, sum(rows) AS rows FROM log_objects GROUP BY state ORDER BY state
SELECT key, ts, newest_event, datediff('s', newest_event, ts) AS lag_seconds FROM log_objects WHERE newest_event IS NOT NULL ORDER BY lag_seconds DESC, key LIMIT 10
SELECT avg(datediff('s', newest_event, ts)) AS mean_lag FROM log_objects
SELECT sum(refused) AS refused, sum(lines) AS lines FROM log_objects
SELECT key, reason FROM log_objects WHERE state = 'refused'
SELECT ts, bytes FROM log_objects ORDER BY ts DESC LIMIT 3
SELECT reason, count() AS n FROM refused_lines GROUP BY reason ORDER BY n DESC, reason
SELECT log_object, line, excerpt FROM refused_lines ORDER BY log_object, line LIMIT 5
SELECT ts, rule, severity, state, bucket, before, after FROM events ORDER BY ts DESC
SELECT rule, count() AS n FROM events WHERE state = 'open' GROUP BY rule ORDER BY rule
SELECT ts, bucket, objects, bytes FROM snapshots WHERE bucket = 'photos' ORDER BY ts
SELECT ts, bucket, bytes - lag(bytes) OVER (PARTITION BY bucket ORDER BY ts) AS growth FROM snapshots ORDER BY bucket, ts
SELECT bucket, max(bytes) - min(bytes) AS growth FROM snapshots GROUP BY bucket ORDER BY bucket
# WITH
WITH busy AS (SELECT bucket, count() AS n FROM operations GROUP BY bucket) SELECT * FROM busy WHERE n > 100 ORDER BY bucket
WITH top AS (SELECT remote_ip, count() AS n FROM operations GROUP BY remote_ip ORDER BY n DESC, remote_ip LIMIT 5) SELECT sum(n) AS n FROM top
WITH a AS (SELECT bucket, count() AS n FROM operations GROUP BY bucket), b AS (SELECT bucket, count() AS e FROM errors GROUP BY bucket) SELECT a.bucket, a.n, b.e, round(100.0 * b.e / a.n, 2) AS rate FROM a JOIN b ON a.bucket = b.bucket ORDER BY a.bucket
WITH hourly AS (SELECT ts, bucket, count() AS n FROM operations SAMPLE BY 1h), best AS (SELECT bucket, max(n) AS most FROM hourly GROUP BY bucket) SELECT * FROM best ORDER BY bucket
WITH operations AS (SELECT bucket, status FROM operations WHERE status >= 400) SELECT bucket, count() AS n FROM operations GROUP BY bucket ORDER BY bucket
WITH requests AS (SELECT * FROM operations WHERE is_request) SELECT class, count() AS n FROM requests GROUP BY class ORDER BY class
WITH x AS (SELECT status, bytes_sent FROM operations), y AS (SELECT status, sum(bytes_sent) AS b FROM x GROUP BY status) SELECT max(b) AS most FROM y
WITH errors AS (SELECT key, count() AS n FROM errors GROUP BY key) SELECT e.key, e.n FROM errors AS e ORDER BY e.n DESC, e.key LIMIT 5
WITH t AS (SELECT sum(bytes_sent) AS total FROM egress) SELECT e.bucket, round(100.0 * sum(e.bytes_sent) / max(t.total), 2) AS pct FROM egress e CROSS JOIN t GROUP BY e.bucket ORDER BY e.bucket
# Joins
SELECT status, count() AS n, round(100.0 * count() / max(t.total), 2) AS pct FROM operations CROSS JOIN (SELECT count() AS total FROM operations) t GROUP BY status ORDER BY status
SELECT o.bucket, s.bytes, count() AS n FROM operations o JOIN (SELECT * FROM snapshots LATEST ON ts PARTITION BY bucket) s ON o.bucket = s.bucket GROUP BY o.bucket, s.bytes ORDER BY o.bucket
SELECT c.remote_ip, c.requests, e.n FROM clients c LEFT JOIN (SELECT remote_ip, bucket, count() AS n FROM errors GROUP BY remote_ip, bucket) e ON c.remote_ip = e.remote_ip AND c.bucket = e.bucket ORDER BY c.requests DESC, c.remote_ip, c.bucket, c.format LIMIT 10
SELECT a.ts, a.key, b.ts AS error_ts FROM operations a ASOF JOIN errors b ON (bucket) ORDER BY a.ts LIMIT 10
SELECT a.ts, b.status FROM errors a LT JOIN operations b ON (bucket) ORDER BY a.ts LIMIT 10
SELECT a.ts, a.status, s.objects FROM operations a ASOF JOIN snapshots s ON (bucket) TOLERANCE 1d ORDER BY a.ts LIMIT 5
SELECT o.key, r.reads FROM (SELECT key, bucket, count() AS n FROM errors GROUP BY key, bucket) o INNER JOIN objects_last_read r ON o.key = r.key AND o.bucket = r.bucket ORDER BY o.key, r.reads, o.bucket LIMIT 10
SELECT o.ts, o.total_ms, t.mean FROM operations o CROSS JOIN (SELECT avg(total_ms) AS mean FROM operations) t WHERE o.total_ms > 1.9 * t.mean ORDER BY o.ts LIMIT 5
SELECT x.bucket, y.bucket AS other FROM (SELECT DISTINCT bucket FROM operations) x JOIN (SELECT DISTINCT bucket FROM egress) y ON x.bucket = y.bucket ORDER BY x.bucket
# Windows
SELECT ts, bucket, total_ms, row_number() OVER (PARTITION BY bucket ORDER BY ts) AS n FROM operations ORDER BY ts LIMIT 20
SELECT * FROM (SELECT bucket, key, total_ms, row_number() OVER (PARTITION BY bucket ORDER BY total_ms DESC, ts) AS n FROM operations) WHERE n <= 3 ORDER BY bucket, n
SELECT ts, n, sum(n) OVER (ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM (SELECT ts, count() AS n FROM operations SAMPLE BY 1h) ORDER BY ts
SELECT ts, n, lag(n) OVER (ORDER BY ts) AS before, n - lag(n) OVER (ORDER BY ts) AS change FROM (SELECT ts, count() AS n FROM operations SAMPLE BY 1h) ORDER BY ts
SELECT ts, n, avg(n) OVER (ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving FROM (SELECT ts, count() AS n FROM operations SAMPLE BY 30m) ORDER BY ts
SELECT ts, total_ms, avg(total_ms) OVER (ORDER BY ts RANGE BETWEEN '10' MINUTE PRECEDING AND CURRENT ROW) AS around FROM operations WHERE bucket = 'photos' ORDER BY ts LIMIT 10
SELECT bucket, n, rank() OVER (ORDER BY n DESC) AS place FROM (SELECT bucket, count() AS n FROM operations GROUP BY bucket) ORDER BY place, bucket
SELECT ts, remote_ip, datediff('s', lag(ts) OVER (PARTITION BY remote_ip ORDER BY ts), ts) AS gap FROM operations WHERE remote_ip = '10.0.1.7' ORDER BY ts
SELECT bucket, bytes, first_value(bytes) OVER (PARTITION BY bucket ORDER BY ts) AS start FROM snapshots ORDER BY bucket, ts
SELECT bucket, n, 100.0 * n / sum(n) OVER () AS pct FROM (SELECT bucket, count() AS n FROM operations GROUP BY bucket) ORDER BY bucket
# Together
SELECT bucket FROM operations UNION SELECT bucket FROM snapshots ORDER BY bucket
SELECT 'reads' AS what, count() AS n FROM operations WHERE class = 'read' UNION ALL SELECT 'writes', count() FROM operations WHERE class = 'write'
SELECT key FROM operations WHERE class = 'write' EXCEPT SELECT key FROM operations WHERE class = 'delete' ORDER BY key LIMIT 10
SELECT remote_ip FROM errors INTERSECT SELECT remote_ip FROM egress ORDER BY remote_ip LIMIT 10
SELECT 's3' AS side, sum(bytes_sent) AS bytes FROM egress WHERE format = 's3' UNION ALL SELECT 'cdn' AS side, sum(bytes_sent) AS bytes FROM egress WHERE format = 'cdn'
SELECT bucket, count() AS n FROM operations WHERE bucket IN (SELECT bucket FROM snapshots WHERE objects > 10) GROUP BY bucket ORDER BY bucket
SELECT count() AS n FROM operations WHERE remote_ip IN (SELECT remote_ip FROM errors WHERE status = 403)
# Rows
SELECT * FROM operations ORDER BY ts DESC LIMIT 5
SELECT * FROM operations WHERE bucket = 'photos' ORDER BY ts LIMIT 3
SELECT o.* FROM operations o ORDER BY o.ts LIMIT 2
SELECT ts, key AS "object key", bytes_sent AS "Bytes sent" FROM operations ORDER BY ts LIMIT 3
SELECT "ts", "bucket" FROM "operations" ORDER BY "ts" LIMIT 3
SELECT ts, bucket, key FROM operations ORDER BY ts LIMIT 10, 15
SELECT ts, key FROM operations LIMIT -5
operations WHERE status = 503 ORDER BY ts LIMIT 3
SELECT TS, BUCKET FROM OPERATIONS ORDER BY TS LIMIT 2
SELECT ts, status::varchar AS s, cast(total_ms AS double) / 1000 AS seconds FROM operations ORDER BY ts LIMIT 3
SELECT ts, greatest(total_ms, turnaround_ms) AS most, least(total_ms, 100) AS least, abs(total_ms - turnaround_ms) AS rest FROM operations ORDER BY ts LIMIT 3
SELECT ts, -total_ms AS negative, total_ms * 2 + 1 - 3 AS arithmetic FROM operations ORDER BY ts LIMIT 3
SELECT ts, round(log(bytes_sent + 1), 3) AS l, sqrt(total_ms) AS s, power(2, 3) AS p, ceil(total_ms / 7.0) AS c FROM operations ORDER BY ts LIMIT 3
SELECT 1 + 1 AS two, 'text' AS t, true AS yes, null AS nothing
SELECT ts, status = 200 AS ok, status >= 400 AND status < 500 AS client_error FROM operations ORDER BY ts LIMIT 3
SELECT ts, user_agent FROM operations WHERE user_agent = 'agent "quoted" -- not a comment; /* nor this */ 😀' ORDER BY ts LIMIT 3
SELECT count() AS n FROM operations WHERE key LIKE '%100\%%'
SELECT key, max(ts) AS last_seen FROM operations WHERE key IS NOT NULL AND ts > dateadd('d', -30, now()) GROUP BY key ORDER BY last_seen, key LIMIT 5
SELECT bucket, key FROM operations /* those that failed */ WHERE status = 500 -- server errors
  ORDER BY ts LIMIT 5
