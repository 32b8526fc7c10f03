-- What a bucket held at a moment, and what was asked of it in the 24 hours before. s3 and cdn rows are counted apart.
-- truncated: the listing was ended by a limit, so objects and bytes are too small.
CREATE TABLE IF NOT EXISTS snapshots (
  ts TIMESTAMP,
  source SYMBOL CAPACITY 256,
  bucket SYMBOL CAPACITY 1024,
  objects LONG,
  bytes LONG,
  truncated BOOLEAN,
  incomplete_uploads LONG,
  incomplete_upload_bytes LONG,
  requests_24h LONG,
  errors_24h LONG,
  bytes_downloaded_24h LONG,
  bytes_uploaded_24h LONG,
  cdn_requests_24h LONG,
  cdn_errors_24h LONG,
  cdn_bytes_downloaded_24h LONG
) TIMESTAMP(ts) PARTITION BY MONTH WAL
DEDUP UPSERT KEYS(ts, source, bucket);
