-- Which days day_counts holds: written last, with the rows that operations had of the day. With any other number of rows the
-- day has changed since, as rows are only ever added. most_*: what one value among the rest counted at most; null where
-- every value has rows of its own.
CREATE TABLE IF NOT EXISTS day_summaries (
  ts TIMESTAMP,
  dimension SYMBOL CAPACITY 16,
  source SYMBOL CAPACITY 256,
  rows LONG,
  most_operations LONG,
  most_bytes_sent LONG,
  most_bytes_received LONG,
  most_errors LONG,
  made_at TIMESTAMP
) TIMESTAMP(ts) PARTITION BY MONTH WAL
DEDUP UPSERT KEYS(ts, dimension, source);
