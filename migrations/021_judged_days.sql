-- How far each day of a source was judged by all detectors, and when. rules names the detectors and thresholds as they were.
CREATE TABLE IF NOT EXISTS judged_days (
  ts TIMESTAMP,
  source SYMBOL CAPACITY 256,
  rules SYMBOL CAPACITY 64,
  until TIMESTAMP,
  judged_at TIMESTAMP
) TIMESTAMP(ts) PARTITION BY MONTH WAL
DEDUP UPSERT KEYS(ts, source);
