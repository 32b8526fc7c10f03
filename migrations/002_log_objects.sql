-- The ledger: one row for each version of a log object that is finished, written after its rows.
-- lines = rows + refused + blank. state: done | refused (with reason) | gone.
CREATE TABLE IF NOT EXISTS log_objects (
  ts TIMESTAMP,
  source SYMBOL CAPACITY 256,
  key VARCHAR,
  etag VARCHAR,
  bytes LONG,
  lines LONG,
  rows LONG,
  refused LONG,
  blank LONG,
  state SYMBOL CAPACITY 8,
  reason VARCHAR,
  oldest_event TIMESTAMP,
  newest_event TIMESTAMP,
  ingested_at TIMESTAMP,
  parser_version INT
) TIMESTAMP(ts) PARTITION BY MONTH WAL
DEDUP UPSERT KEYS(ts, source, key, etag);

-- Lines that no parser took, the first hundred of each log object.
CREATE TABLE IF NOT EXISTS refused_lines (
  ts TIMESTAMP,
  source SYMBOL CAPACITY 256,
  log_object VARCHAR,
  line LONG,
  reason SYMBOL CAPACITY 64,
  excerpt VARCHAR
) TIMESTAMP(ts) PARTITION BY DAY TTL ${RETENTION_DAYS} DAYS WAL
DEDUP UPSERT KEYS(ts, source, log_object, line);
