-- What the requests of a closed day (ts is its midnight, UTC) were by one column, named by dimension: exact counts for each
-- bucket, class and status class (status: 200, 300 ...). Where a column has very many values of a source, the largest have
-- rows of their own and all others are together in rows with rest. Only days that day_summaries vouches for are read.
CREATE TABLE IF NOT EXISTS day_counts (
  ts TIMESTAMP,
  dimension SYMBOL CAPACITY 16,
  source SYMBOL CAPACITY 256,
  format SYMBOL CAPACITY 8,
  bucket SYMBOL CAPACITY 1024,
  class SYMBOL CAPACITY 16,
  status INT,
  value VARCHAR,
  rest BOOLEAN,
  operations LONG,
  bytes_sent LONG,
  bytes_received LONG,
  first_seen TIMESTAMP,
  last_seen TIMESTAMP
) TIMESTAMP(ts) PARTITION BY DAY TTL ${RETENTION_DAYS} DAYS WAL
DEDUP UPSERT KEYS(ts, dimension, source, format, bucket, class, status, value, rest);
