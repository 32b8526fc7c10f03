-- What detectors saw in closed time: one row for each hour or day (ts is its beginning) and subject. A finding is a run of these.
-- seen is false where late logs showed that there was none. subject and figures are JSON; subject holds texts in the detector's order.
CREATE TABLE IF NOT EXISTS sightings (
  ts TIMESTAMP,
  source SYMBOL CAPACITY 256,
  detector SYMBOL CAPACITY 64,
  subject VARCHAR,
  seen BOOLEAN,
  figures VARCHAR,
  judged_at TIMESTAMP
) TIMESTAMP(ts) PARTITION BY MONTH WAL
DEDUP UPSERT KEYS(ts, source, detector, subject);
