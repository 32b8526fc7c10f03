import fc from 'fast-check'

/** What a hostile model knows: its own places, and what is not its own. */
export interface Targets {
  bucket: string
  log_bucket: string
  foreign_bucket: string
  foreignSource: string
  marker: string
  /** An address that must not be asked. */
  evil: string
}

/** Calls of tools as a hostile model makes them: right ones about what is not its own, and anything else. */
export function hostileCalls({ bucket, log_bucket, foreign_bucket, foreignSource, marker, evil }: Targets) {
  const plain =
    `access/one own-key e1 file:///etc/passwd ../../etc/passwd 169.254.169.254 * - % ' 24h 30d now 1h none AllRequests
    TopKeys s3 404 read -1 1e9 operations previous`.split(/\s+/)
  const mine = [bucket, log_bucket]
  const notMine = [foreign_bucket, 'foreign-bucket', marker, foreignSource, evil]
  const words = fc.oneof(
    fc.constantFrom(...plain, ...mine, ...notMine, '', "' OR '1'='1", '\0'),
    fc.string({ maxLength: 40, unit: 'binary' }),
  )
  const from = (...all: string[]) => fc.constantFrom(...all)
  const sql = fc.oneof(
    from(
      `SELECT * FROM operations WHERE source = '${foreignSource}'`,
      `SELECT * FROM operations WHERE true OR source = '${foreignSource}'`,
      'SELECT * FROM operations UNION ALL SELECT * FROM operations',
      'SELECT key, count() FROM operations ORDER BY 2 DESC',
      `SELECT * FROM read_parquet('${evil}')`,
      "SELECT * FROM files('/etc')",
      'SELECT * FROM query_activity()',
      'SELECT * FROM long_sequence(1000000000000) WHERE x % 7 = 9',
      'DROP TABLE operations',
      'TRUNCATE TABLE operations',
      "INSERT INTO operations (ts) VALUES ('2026-01-01')",
      "COPY operations TO '/tmp/x'",
      'SELECT 1; DROP TABLE snapshots',
      'SELECT * FROM operations -- ',
      'WITH operations AS (SELECT * FROM requests) SELECT * FROM operations',
      'SELECT * FROM requests',
      'SELECT * FROM tables()',
      `SELECT * FROM log_objects WHERE key LIKE '%${marker}%'`,
    ),
    words.map((word) => `SELECT * FROM ${word}`),
    words.map((word) => `SELECT count() FROM operations WHERE key = '${word}'`),
  )
  const names =
    `query_metric metrics_series metrics_sources search_logs object_audit snapshot buckets list_objects
    recent_objects top_largest storage_summary list_access_logs read_log chart run_sql run_sql run_sql validate_sql
    describe_tables sql_help ask_library delete_object fetch constructor __proto__ toString metrics_snapshot eval`.split(
      /\s+/,
    )
  const fields =
    `metric from to step compare order bucket prefix key limit cursor status q class format table evidence kind
    title x y question scope source name storage endpoint region log_bucket spaces_key spaces_secret url __proto__
    constructor`.split(/\s+/)
  const value = fc.oneof(
    words,
    fc.integer({ min: -5, max: 2_000 }),
    fc.constant(null),
    fc.array(words, { maxLength: 3 }),
    fc.object({ maxDepth: 1 }),
  )
  const anyBucket = from(bucket, log_bucket, foreign_bucket, 'foreign-bucket', 'no-such-bucket')
  const window = from('1h', '24h', '30d', '2026-01-01')
  const some = fc.integer({ min: 1, max: 50 })
  /** Arguments as the schema wants them, of mine and of what is not mine. */
  const right = new Map<string, fc.Arbitrary<object>>(
    Object.entries({
      query_metric: fc.record({
        metric: from('TopKeys', 'AllRequests', 'TopRequesters'),
        from: window,
        bucket: anyBucket,
      }),
      metrics_series: fc.record({ from: window, bucket: anyBucket, step: from('1h', '1d', 'none') }),
      search_logs: fc.record({ from: window, q: words, limit: some }),
      object_audit: fc.record({ bucket: anyBucket, key: from(marker, 'own-key'), limit: some }),
      snapshot: fc.record({ bucket: anyBucket }),
      list_objects: fc.record({ bucket: anyBucket, limit: some }),
      recent_objects: fc.record({ bucket: anyBucket, limit: some }),
      top_largest: fc.record({ bucket: anyBucket, limit: some }),
      storage_summary: fc.record({ bucket: anyBucket }),
      list_access_logs: fc.record({ bucket: anyBucket, limit: some }),
      read_log: fc.record({ key: from('access/one', marker, '../access/one'), limit: some }),
      ask_library: fc.record({
        question: from('hot-objects', 'scans', 'clients'),
        parameters: fc.record({ bucket: anyBucket }),
      }),
      run_sql: fc.record({ sql, from: window, limit: some }),
      validate_sql: fc.record({ sql }),
    }),
  )
  const anything = fc
    .tuple(fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 5 }), sql)
    .map(([given, text]) => ({ ...given, sql: text }))
  return fc.constantFrom(...names).chain((tool) =>
    fc.record({
      tool: fc.constant(tool),
      args: fc.oneof(
        { weight: 2, arbitrary: right.get(tool) ?? fc.constant({}) },
        { weight: 4, arbitrary: anything },
        fc.constant('{"half": '),
      ),
    }),
  )
}
