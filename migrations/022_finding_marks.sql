-- What people said of a finding: acknowledged, muted (until ends_at) or open again. about is a moment of the finding that was marked.
CREATE TABLE IF NOT EXISTS finding_marks (
  ts TIMESTAMP,
  source SYMBOL CAPACITY 256,
  detector SYMBOL CAPACITY 64,
  subject VARCHAR,
  about TIMESTAMP,
  state SYMBOL CAPACITY 8,
  note VARCHAR,
  ends_at TIMESTAMP
) TIMESTAMP(ts) PARTITION BY MONTH WAL
DEDUP UPSERT KEYS(ts, source, detector, subject);
