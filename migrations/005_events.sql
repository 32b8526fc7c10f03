-- One row for each health event: of a bucket, or of SpaceWatch itself (no source). ts and id are those of its first finding and
-- stay; all else follows later findings. state: open (still going on) | over | withdrawn (late logs showed there was none).
-- delivery, to ALERT_WEBHOOK_URL: pending | delivered | expired | none.
CREATE TABLE IF NOT EXISTS events (
  ts TIMESTAMP,
  id VARCHAR,
  rule SYMBOL CAPACITY 16,
  severity SYMBOL CAPACITY 8,
  state SYMBOL CAPACITY 8,
  source SYMBOL CAPACITY 256,
  format SYMBOL CAPACITY 8,
  bucket SYMBOL CAPACITY 1024,
  measure SYMBOL CAPACITY 8,
  unit SYMBOL CAPACITY 8,
  before DOUBLE,
  after DOUBLE,
  started_at TIMESTAMP,
  ended_at TIMESTAMP,
  detected_at TIMESTAMP,
  updated_at TIMESTAMP,
  delivery SYMBOL CAPACITY 8,
  delivered_at TIMESTAMP
) TIMESTAMP(ts) PARTITION BY MONTH WAL
DEDUP UPSERT KEYS(ts, id);
