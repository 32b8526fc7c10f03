# files
files('/etc')
glob('/etc/*')
SELECT name FROM (SELECT * FROM files('/'))
SELECT * FROM FILES ('/etc')
SELECT * FROM "files"('/etc')
SELECT * FROM 'files'('/etc')
SELECT * FROM read_csv('/etc/passwd')
SELECT pg_read_file('/etc/passwd')
SELECT * FROM pg_ls_dir('/')
SELECT load_file('/etc/passwd')
SELECT * FROM operations INTO OUTFILE '/tmp/gate-canary'
COPY operations TO '/tmp/gate-canary.parquet' WITH FORMAT PARQUET
COPY (SELECT * FROM operations) TO 'gate-canary' WITH FORMAT PARQUET
COPY operations FROM '/etc/passwd'
copy operations from 'x.csv' with header true
BACKUP TABLE operations
BACKUP DATABASE
CHECKPOINT CREATE
SNAPSHOT PREPARE
# catalog
SHOW TABLES
SHOW COLUMNS FROM operations
SHOW PARAMETERS
SHOW CREATE TABLE operations
SHOW PARTITIONS FROM operations
SHOW SERVER_VERSION
SHOW transaction_isolation
SELECT * FROM (SHOW TABLES)
SELECT * FROM (SHOW PARAMETERS)
(SHOW TABLES)
EXPLAIN SELECT * FROM operations
EXPLAIN operations
DESCRIBE operations
SELECT current_user
SELECT current_user()
SELECT version()
SELECT current_schemas(true)
SELECT current_setting('pg.password')
SELECT session_user
SELECT pg_catalog.version()
SELECT txid_current()
SELECT * FROM sys.telemetry
SELECT * FROM "sys.telemetry_wal"
SELECT * FROM _query_trace
SELECT * FROM "_query_trace"
SELECT build()
SELECT typeOf(ts) FROM operations
# stored tables
SELECT * FROM public.requests
SELECT * FROM qdb.public.requests
SELECT * FROM public.operations
SELECT * FROM "public"."operations"
SELECT * FROM "public.operations"
SELECT * FROM operations.requests
requests LATEST ON ts PARTITION BY route
SELECT * FROM operations o JOIN requests r ON o.request_id = r.request_id
SELECT * FROM operations ASOF JOIN requests
SELECT line_hash FROM operations
SELECT operations.line_hash FROM operations
SELECT o.line_hash FROM operations o
SELECT "line_hash" FROM operations
SELECT parser_version FROM log_objects
SELECT delivery FROM events
SELECT * FROM operations~
SELECT * FROM operations~2
SELECT * FROM "operations~1"
SELECT * FROM "../operations"
SELECT * FROM operations.meta
# side effects
SELECT touch(SELECT * FROM operations)
SELECT count() FROM operations WHERE reload_config()
SELECT CASE WHEN reload_config() THEN 1 ELSE 0 END
SELECT bucket FROM operations ORDER BY reload_config()
SELECT count() FROM operations GROUP BY reload_config()
SELECT sum(CASE WHEN flush_query_cache() THEN 1 END) OVER () FROM operations
SELECT sum(status) OVER (PARTITION BY flush_query_cache()) FROM operations
SELECT sum(status) OVER (ORDER BY flush_query_cache()) FROM operations
SELECT coalesce(flush_query_cache(), true)
SELECT max(reload_config()::int) FROM operations
SELECT ts, count() FROM operations SAMPLE BY 1h FROM dump_thread_stacks() TO now()
SELECT a.ts FROM operations a JOIN operations b ON a.bucket = b.bucket AND reload_config()
SELECT count() FROM operations LIMIT reload_config()
SELECT status IN (reload_config(), 1) FROM operations
SELECT status BETWEEN 1 AND reload_config() FROM operations
SELECT extract(hour FROM reload_config())
SELECT CAST(reload_config() AS int)
CANCEL QUERY 1
CANCEL QUERY '1'
SELECT sleep(10)
SELECT pg_sleep(10)
SELECT pg_terminate_backend(1)
SELECT lo_import('/etc/passwd')
SELECT dblink('x')
SELECT set_config('a', 'b', false)
# writes
INSERT INTO operations VALUES (1)
INSERT INTO operations SELECT * FROM operations
INSERT ATOMIC INTO operations SELECT * FROM operations
INSERT BATCH 100 INTO operations SELECT * FROM operations
UPDATE operations SET bucket = 'x'
DELETE FROM operations
TRUNCATE TABLE operations
DROP TABLE operations
DROP TABLE IF EXISTS operations
DROP ALL TABLES
DROP MATERIALIZED VIEW operations_1m
CREATE TABLE gate_canary (x INT)
CREATE TABLE gate_canary AS (SELECT * FROM operations)
CREATE VIEW gate_canary AS (SELECT * FROM operations)
CREATE OR REPLACE VIEW gate_canary AS (SELECT 1)
CREATE MATERIALIZED VIEW gate_canary AS (SELECT ts, count() FROM operations SAMPLE BY 1h)
ALTER TABLE operations ADD COLUMN x INT
ALTER TABLE operations DROP COLUMN bucket
ALTER TABLE operations DROP PARTITION LIST '2026-01-01'
ALTER TABLE operations SET TTL 1 DAY
ALTER TABLE operations SUSPEND WAL
ALTER TABLE operations CONVERT PARTITION TO PARQUET WHERE ts < now()
RENAME TABLE operations TO gate_canary
VACUUM TABLE operations
REINDEX TABLE operations LOCK EXCLUSIVE
REFRESH MATERIALIZED VIEW operations_1m FULL
COMPILE VIEW v
GRANT ALL TO reader
REVOKE ALL FROM reader
CREATE USER gate_canary
CREATE SERVICE ACCOUNT gate_canary
ASSUME SERVICE ACCOUNT admin
SET x = 1
BEGIN
COMMIT
DISCARD ALL
PREPARE x AS SELECT 1
EXECUTE x
DECLARE c CURSOR FOR SELECT 1
DO 'x'
CALL x()
WITH x AS (SELECT 1) INSERT INTO operations SELECT * FROM x
WITH x AS (SELECT 1) UPDATE operations SET bucket = 'x'
WITH x AS (DELETE FROM operations) SELECT 1
SELECT * FROM (INSERT INTO operations VALUES (1))
EXPLAIN INSERT INTO operations SELECT * FROM operations
# stacked
SELECT 1; DROP TABLE operations
SELECT 1; SELECT * FROM requests
SELECT 1;;SELECT 2
SELECT 1 DROP TABLE operations
SELECT 1 SELECT 2
; DROP TABLE operations
SELECT 1\; DROP TABLE operations
SELECT 1;/* */DROP TABLE operations
SELECT bucket FROM operations TRUNCATE TABLE operations
SELECT 1 FROM operations LIMIT 1 requests
WITH x AS (SELECT 1) SELECT 1; WITH y AS (SELECT 1) SELECT * FROM requests
# comments
SELECT * FROM operations /* WHERE source = 'bbbb2222' */
SELECT/**/count()/**/FROM/**/requests
SELECT * FROM/* operations */requests
SELECT * FROM operations --
  WHERE source = 'bbbb2222'
SELECT * FROM operations /* /* nested */ UNION ALL SELECT * FROM requests -- */
SELECT '/*' FROM operations UNION ALL SELECT '*/' FROM requests
SELECT '--' FROM requests
SELECT 1 /*
SELECT 1 */
SELECT * FROM operations WHERE key = '/*' OR source = 'bbbb2222' --'
SELECT key AS "/*", source AS "*/" FROM operations
SELECT key AS "--" FROM operations
SELECT key AS "; DROP TABLE operations" FROM operations LIMIT 1
SELECT '--' AS a, key AS "/* b" FROM operations WHERE key <> '*/; DROP TABLE operations; --'
SEL/**/ECT * FROM operations
SELECT * FR/**/OM requests
# foreign rows
SELECT * FROM operations WHERE source = 'bbbb2222'
SELECT * FROM operations WHERE source IN ('aaaa1111', 'bbbb2222')
SELECT * FROM operations WHERE source = 'aaaa1111' OR source = 'bbbb2222'
SELECT * FROM operations WHERE 1 = 1
SELECT * FROM operations WHERE true OR false
SELECT count() AS n FROM operations WHERE source != 'aaaa1111' OR source IS NULL
SELECT * FROM operations WHERE NOT (source = 'aaaa1111')
SELECT DISTINCT source FROM operations
SELECT source, count() AS n FROM operations GROUP BY source
SELECT max(bytes_sent) AS most, max(source) AS s FROM operations
SELECT * FROM operations WHERE source = 'x' OR ts >= 0
SELECT * FROM operations WHERE source LIKE '%'
SELECT * FROM operations WHERE source ~ '.'
SELECT * FROM operations WHERE bucket = 'foreigncanaryphotos'
SELECT * FROM operations WHERE key LIKE 'foreigncanary%'
SELECT * FROM operations WHERE key IN (SELECT key FROM operations WHERE source = 'bbbb2222')
SELECT * FROM operations WHERE bucket IN (SELECT bucket FROM operations WHERE source = 'bbbb2222')
SELECT * FROM operations a JOIN operations b ON a.status = b.status WHERE b.source = 'bbbb2222'
SELECT * FROM operations UNION ALL SELECT * FROM operations
SELECT source FROM operations EXCEPT SELECT source FROM operations WHERE source = 'aaaa1111'
SELECT * FROM operations WHERE source = 'aaaa1111') UNION ALL (SELECT * FROM operations
SELECT * FROM operations) UNION ALL (SELECT * FROM requests
SELECT * FROM operations WHERE key = ''') OR source IN (''bbbb2222'
SELECT * FROM operations WHERE key = ' OR 1=1 --'
SELECT * FROM operations WHERE key = '\' OR source = 'bbbb2222
SELECT * FROM operations WHERE key = '\'' OR source = ''bbbb2222'
SELECT * FROM operations WHERE key = "x" OR 1=1
SELECT * FROM operations LATEST ON ts PARTITION BY source
SELECT last(source) AS l, first(source) AS f, mode(source) AS m FROM operations
SELECT ts, source, count() AS n FROM operations SAMPLE BY 1h
SELECT source, row_number() OVER (PARTITION BY source ORDER BY ts) AS n FROM operations
SELECT lag(source) OVER (ORDER BY ts) AS before, lead(source) OVER (ORDER BY ts) AS next FROM operations
SELECT b.source FROM operations a ASOF JOIN operations b ON (bucket)
SELECT b.source FROM operations a LT JOIN operations b
SELECT b.source FROM operations a SPLICE JOIN operations b ON (bucket)
SELECT b.source FROM operations a FULL JOIN operations b ON a.request_id = b.request_id
SELECT b.source FROM operations a RIGHT JOIN operations b ON a.request_id = b.request_id
SELECT * FROM operations WHERE ts IN '1970;100000d'
SELECT * FROM operations WHERE ts < '2200-01-01' OR source = 'bbbb2222'
SELECT count() AS n FROM operations WHERE key > 5
SELECT count() AS n FROM operations WHERE status > key
SELECT count() AS n FROM operations WHERE ts > key
SELECT count() AS n FROM operations WHERE source = 'none' AND key > 5
SELECT sum(key) AS s FROM operations
SELECT * FROM operations WHERE key = 5
SELECT approx_percentile(bytes_sent, 1.0) AS p FROM operations
SELECT approx_percentile(0 - bytes_sent, 0.5) AS p FROM operations
SELECT * FROM operations TIMESTAMP(ts) WHERE source = 'bbbb2222'
SELECT * FROM operations ORDER BY source DESC LIMIT 5
SELECT * FROM operations ORDER BY bytes_sent DESC LIMIT -5
SELECT * FROM operations LIMIT 1000000, 1000010
# names
WITH operations AS (SELECT * FROM operations) SELECT * FROM operations
WITH operations AS (SELECT 1 AS source) SELECT * FROM operations
WITH requests AS (SELECT * FROM requests) SELECT * FROM requests
WITH operations AS (SELECT * FROM requests) SELECT * FROM operations
WITH a AS (SELECT * FROM b), b AS (SELECT * FROM operations) SELECT * FROM a
WITH a AS (SELECT * FROM a) SELECT * FROM a
WITH operations_1m AS (SELECT * FROM operations) SELECT * FROM requests_1m
WITH operations AS (SELECT 'bbbb2222' AS source, now() AS ts, 'x' AS bucket) SELECT count() AS n FROM errors
WITH operations AS (SELECT ts, 'bbbb2222' AS source FROM operations) SELECT * FROM clients
SELECT 'bbbb2222' AS source, count() AS n FROM operations
SELECT source AS bucket, bucket AS source FROM operations
SELECT bytes_sent AS ts, ts AS bytes_sent FROM operations
SELECT * FROM (SELECT 'bbbb2222' AS source, bucket FROM operations)
SELECT * FROM operations operations
SELECT operations.source FROM errors operations
SELECT requests.source FROM operations requests
SELECT requests.* FROM operations requests
SELECT requests.route FROM operations requests
SELECT * FROM (SELECT * FROM operations) operations_1m
SELECT * FROM operations "operations; DROP TABLE operations" LIMIT 1
SELECT * FROM operations "x""y"
SELECT * FROM operations "x) UNION ALL SELECT * FROM requests --"
SELECT key "a FROM requests --" FROM operations LIMIT 1
SELECT key AS 'a'' b' FROM operations LIMIT 1
SELECT key AS "" FROM operations
SELECT key AS "a.b" FROM operations
SELECT key AS "requests.route" FROM operations
SELECT "operations.source" FROM operations
SELECT requests.scope FROM operations
SELECT public.operations.source FROM operations
WITH "x) UNION ALL SELECT * FROM requests --" AS (SELECT 1) SELECT 1
WITH "select" AS (SELECT * FROM operations) SELECT count() AS n FROM "select"
WITH x AS (WITH operations AS (SELECT * FROM requests) SELECT * FROM operations) SELECT * FROM x
SELECT * FROM (WITH requests AS (SELECT * FROM operations) SELECT * FROM requests)
WITH x AS (SELECT * FROM operations) SELECT * FROM x, requests
SELECT (SELECT max(source) FROM operations)
SELECT bucket FROM operations WHERE source = (SELECT max(source) FROM operations)
SELECT key FROM operations WHERE bucket IN (SELECT route FROM requests)
SELECT key FROM operations WHERE bucket IN (requests)
SELECT key FROM operations GROUP BY (SELECT 1)
SELECT key FROM operations ORDER BY (SELECT scope FROM requests)
SELECT count() FROM operations LIMIT (SELECT 5)
# unicode
SELECT * FROM ｏｐｅｒａｔｉｏｎｓ
SELECT * FROM оperations
SELECT * FROM operations WHERE key = ‘x’
SELECT * FROM operations WHERE key = ＇x＇
SELECT * FROM operations WHERE source = 'aaaa1111ʼ OR source = 'bbbb2222'
SELECT ﬁles('/etc')
SELECT relοad_config()
SELECT U&'\0027' FROM operations
SELECT E'\'' FROM operations
SELECT $$x$$ FROM operations
SELECT $tag$x$tag$
SELECT x'41'
SELECT '\u0027 OR 1=1' AS x FROM operations LIMIT 1
SELECT ＊ FROM operations
SELECT * FROM operations；DROP TABLE operations
ＳＥＬＥＣＴ * FROM requests
# endless
SELECT count() FROM long_sequence(1000000000000) WHERE x % 7 = 9
SELECT count() FROM generate_series(1, 1000000000000) WHERE x % 7 = 9
SELECT count() FROM operations CROSS JOIN long_sequence(1000000000)
SELECT count() FROM operations a CROSS JOIN operations b
SELECT count() FROM operations a, operations b
SELECT count() FROM operations a, operations b, operations c, operations d
SELECT count() FROM operations a JOIN operations b ON a.status > b.status
SELECT count() FROM operations a JOIN operations b ON 1 = 1
SELECT count() FROM operations a JOIN operations b ON true
SELECT count() FROM operations a JOIN operations b ON a.status = 200
SELECT count() FROM operations a JOIN operations b ON a.status = b.status OR true
SELECT count() FROM operations a JOIN operations b
SELECT count() FROM operations a LEFT JOIN operations b ON a.ts < b.ts
SELECT count() FROM operations a JOIN operations b ON a.status = b.status JOIN operations c ON b.status = c.status JOIN operations d ON c.status = d.status JOIN operations e ON d.status = e.status
SELECT count() FROM operations WHERE key ~ '^(([A-Za-z/ ]+)+)+x$'
SELECT count() FROM operations WHERE key ~ '(a|aa)+$'
SELECT count() FROM operations WHERE key ~ '(a*)*b'
SELECT count() FROM operations WHERE key ~ '(.*)(.*)(.*)(.*)x'
SELECT count() FROM operations WHERE key ~ '.*.*.*.*x'
SELECT count() FROM operations WHERE key ~ '(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)b'
SELECT count() FROM operations WHERE key ~ 'a?a?a?a?a?a?a?a?aaaaaaaa'
SELECT count() FROM operations WHERE key ~ '(?=a)(?!b)x'
SELECT count() FROM operations WHERE key ~ '(a)\1+'
SELECT count() FROM operations WHERE key ~ '[a-z&&[^b]]+'
SELECT count() FROM operations WHERE key ~ '\p{L}+\p{L}+'
SELECT count() FROM operations WHERE key ~ '(a{1,100}){1,100}'
SELECT count() FROM operations WHERE key ~ user_agent
SELECT count() FROM operations WHERE key ~ concat('(a+)', '+b')
SELECT count() FROM operations WHERE key !~ '(a+)+b'
SELECT count() FROM operations WHERE key ~= '(a+)+b'
SELECT count() FROM operations WHERE key LIKE '%a%a%a%a%a%a%a%b'
SELECT count() FROM operations WHERE key ILIKE '%a%b%c%d%e%'
SELECT count() FROM operations WHERE key LIKE user_agent
SELECT count() FROM operations WHERE key NOT LIKE '%a%a%a%a%'
SELECT regexp_replace(key, '(a+)+b', 'x') FROM operations
SELECT regexp_replace(key, user_agent, 'x') FROM operations
SELECT regexp_replace(key, 'a', user_agent) FROM operations
SELECT lpad(key, 1000000) FROM operations ORDER BY 1
SELECT rpad(key, 1000000, 'x') FROM operations
SELECT repeat(key, 1000000) FROM operations
SELECT string_agg(key, ',') FROM operations
SELECT approx_percentile(bytes_sent, 0.5, 5) FROM operations GROUP BY key
SELECT approx_percentile(bytes_sent, 0.5, status) FROM operations
SELECT approx_percentile(bytes_sent, 0.5, 1 + 4) FROM operations
SELECT approx_percentile(bytes_sent, 0.5, 2, 3) FROM operations
SELECT approx_median(bytes_sent, 5) FROM operations
SELECT approx_count_distinct(status, 18) FROM operations GROUP BY key
SELECT lag(key, 1000000000) OVER (ORDER BY ts) FROM operations
SELECT avg(status) OVER (ORDER BY ts ROWS BETWEEN 1000000000 PRECEDING AND CURRENT ROW) FROM operations
SELECT ts, count() FROM operations SAMPLE BY 1U FILL(0)
SELECT ts, count() FROM operations SAMPLE BY 1T
SELECT ts, count() FROM operations SAMPLE BY 0s
SELECT rnd_str(1000000, 1000000, 0) FROM operations
SELECT ARRAY[1, 2, 3]
SELECT key[1] FROM operations
SELECT replace(replace(replace(key, 'a', 'aaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaa') FROM operations
SELECT replace(key, '', 'aaaa') FROM operations
SELECT replace(key, bucket, key) FROM operations
SELECT concat(a, a, a, a, a, a, a, a) FROM (SELECT concat(b, b, b, b, b, b, b, b) AS a FROM (SELECT concat(key, key, key, key, key, key, key, key) AS b FROM operations))
WITH a AS (SELECT * FROM operations), b AS (SELECT a.ts FROM a JOIN a c ON a.key = c.key), d AS (SELECT b.ts FROM b JOIN b c ON b.ts = c.ts), e AS (SELECT d.ts FROM d JOIN d c ON d.ts = c.ts), f AS (SELECT e.ts FROM e JOIN e c ON e.ts = c.ts) SELECT count() FROM f
SELECT sha256(key) FROM operations
DECLARE @x := 5 SELECT @x
DECLARE @t := (SELECT * FROM requests) SELECT * FROM @t
SELECT * FROM @t
SELECT @x
SELECT $1
SELECT ?
operations PIVOT (count() FOR status IN (200, 404))
SELECT * FROM operations PIVOT (count() FOR status IN (SELECT status FROM requests))
SELECT count() OVER w FROM operations WINDOW w AS (ORDER BY ts)
SELECT count() OVER w FROM operations
SELECT a.ts, count(b.ts) FROM operations a WINDOW JOIN operations b ON a.bucket = b.bucket RANGE BETWEEN 1 hour PRECEDING AND 1 hour FOLLOWING
SELECT * FROM operations LATERAL JOIN requests
SELECT key::symbol FROM operations
SELECT cast(key AS geohash(8c)) FROM operations
SELECT key::requests FROM operations
SELECT 1e999
SELECT 0x41
SELECT 1.5m
SELECT ##0101
SELECT #u33d
SELECT 1 FROM operations WHERE key WITHIN ('u33d')
SELECT - - 1
SELECT * FROM operations FOR UPDATE
SELECT * FROM ONLY operations
TABLE operations
SELECT * FROM (VALUES (1)) v
SELECT * FROM operations NATURAL JOIN requests
SELECT interval('2020', '2021')
SELECT
SELECT FROM
(
((((((((
')
SELECT * FROM
SELECT * FROM operations WHERE
SELECT count( FROM operations
SELECT 'abc FROM operations
