-- lines = rows + refused + blank + expired. expired: records older than RETENTION_DAYS when they were read, counted and not stored.
ALTER TABLE log_objects ADD COLUMN IF NOT EXISTS expired LONG;
