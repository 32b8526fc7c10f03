-- One row for each request that SpaceWatch itself answered. route is the pattern, never the address.
CREATE TABLE IF NOT EXISTS requests (
  ts TIMESTAMP,
  request_id VARCHAR,
  method SYMBOL CAPACITY 16,
  route SYMBOL CAPACITY 256,
  operation_type SYMBOL CAPACITY 256,
  bucket VARCHAR,
  scope VARCHAR,
  status INT,
  error_code SYMBOL CAPACITY 64,
  duration_ms INT,
  bytes_out LONG,
  client_network VARCHAR
) TIMESTAMP(ts) PARTITION BY DAY TTL ${RETENTION_DAYS} DAYS WAL
DEDUP UPSERT KEYS(ts, request_id);
