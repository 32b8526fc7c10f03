-- The same minutes and hours as 003, by the time to the first byte: what FirstByteLatency is read from over long windows.
-- latency_bucket is the histogram of 003, of turnaround_ms.
CREATE MATERIALIZED VIEW IF NOT EXISTS first_bytes_1m WITH BASE operations REFRESH EVERY 1m AS (
  SELECT ts, source, format, bucket, operation, class, is_request, status, error_code,
    (CASE WHEN turnaround_ms IS NULL THEN -1 WHEN turnaround_ms < 1 THEN 0 ELSE (ln(turnaround_ms) * 8)::int + 1 END) latency_bucket,
    count() operations, sum(turnaround_ms) turnaround_ms_sum, min(turnaround_ms) turnaround_ms_min,
    max(turnaround_ms) turnaround_ms_max
  FROM operations SAMPLE BY 1m
) PARTITION BY DAY TTL ${RETENTION_DAYS} DAYS;

CREATE MATERIALIZED VIEW IF NOT EXISTS first_bytes_1h WITH BASE first_bytes_1m REFRESH EVERY 1m AS (
  SELECT ts, source, format, bucket, operation, class, is_request, status, error_code, latency_bucket,
    sum(operations) operations, sum(turnaround_ms_sum) turnaround_ms_sum, min(turnaround_ms_min) turnaround_ms_min,
    max(turnaround_ms_max) turnaround_ms_max
  FROM first_bytes_1m SAMPLE BY 1h
) PARTITION BY DAY TTL ${RETENTION_DAYS} DAYS;
