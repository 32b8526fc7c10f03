import { readCorpus } from './two-tenants.ts'

/** SQL that means harm, by what it is after. */
export interface Hostile {
  family: string
  sql: string
}

/** Families of which nothing may be let through; the others ask for what is their own, in a way that is meant to trick. */
export const refusedFamilies = new Set([
  'files',
  'catalog',
  'table functions',
  'stored tables',
  'side effects',
  'writes',
  'stacked',
  'endless',
])

const tableFunctions =
  `files('/etc') glob('/etc/*') read_parquet('/etc/passwd') parquet_scan('../x.parquet') import_files()
  export_files() query_activity() tables() all_tables() wal_tables() functions() views() materialized_views()
  reader_pool() writer_pool() memory_metrics() table_columns('operations') table_partitions('operations')
  table_storage() keywords() wal_transactions('operations') pg_class() pg_type() long_sequence(1000000000000)
  generate_series(1,1000000000000)`.split(/\s+/)

const storedTables =
  `operations_1m operations_1h first_bytes_1m first_bytes_1h requests migrations telemetry information_schema.tables
  information_schema.columns pg_catalog.pg_class pg_catalog.pg_roles sys.telemetry_wal`.split(/\s+/)

const callsWithEffects =
  `reload_config() flush_query_cache() dump_thread_stacks() dump_memory_usage() cancel_query(1)
  hydrate_table_metadata('*') simulate_crash('jvm') simulate_warnings('a','b') wait_wal_table('operations')
  checkpoint_status() pg_advisory_unlock_all()`.split(/\s+/)

// Where a table may stand.
const tablePlaces = [
  'SELECT * FROM X',
  'SELECT * FROM X AS operations',
  'SELECT * FROM (X)',
  'SELECT * FROM (SELECT * FROM X) operations',
  'WITH operations AS (SELECT * FROM X) SELECT * FROM operations',
  'SELECT bucket FROM operations UNION ALL SELECT * FROM X',
  'SELECT * FROM operations, X',
  'SELECT * FROM operations CROSS JOIN X',
  'SELECT count() FROM operations WHERE bucket IN (SELECT * FROM X)',
]
const namePlaces = [
  'SELECT * FROM "X"',
  "SELECT * FROM 'X'",
  'X',
  'SELECT * FROM X LATEST ON ts PARTITION BY bucket',
]
// Where a value may stand.
const valuePlaces = [
  'SELECT X',
  'SELECT bucket FROM operations WHERE X',
  'SELECT CASE WHEN X THEN 1 END FROM operations',
  'SELECT count(X) FROM operations',
]

const viewNames =
  'operations requests_1m errors egress objects_last_read clients requesters day_counts log_objects snapshots events refused_lines'.split(
    ' ',
  )
const foreignPlaces = [
  "SELECT * FROM X WHERE source = 'bbbb2222'",
  "SELECT * FROM X WHERE source <> 'aaaa1111' OR true",
  'SELECT DISTINCT source FROM X',
  "WITH operations AS (SELECT 'bbbb2222' AS source) SELECT * FROM X",
  "SELECT * FROM X WHERE source IN (SELECT source FROM X WHERE source LIKE 'b%')",
]

/** The corpus, and each of the names above in each place where it may stand. */
export async function readHostile(): Promise<Hostile[]> {
  const place = (family: string, places: readonly string[], names: readonly string[]): Hostile[] =>
    names.flatMap((name) => places.map((sql) => ({ family, sql: sql.replaceAll('X', () => name) })))
  return [
    ...(await readCorpus('hostile')),
    ...place('table functions', tablePlaces, tableFunctions),
    ...place('stored tables', [...tablePlaces, ...namePlaces], storedTables),
    ...place('side effects', valuePlaces, callsWithEffects),
    ...place('foreign rows', foreignPlaces, viewNames),
    ...odd.map((sql) => ({ family: 'odd characters', sql })),
    ...deep.map((sql) => ({ family: 'deep and long', sql })),
  ]
}

const odd = [
  '',
  '   ',
  '--',
  'SELECT * FROM requests\u200b',
  'SELECT\u00a0*\u00a0FROM\u00a0requests',
  'SELECT\u2003*\u2003FROM\u2003requests',
  '\ufeffSELECT * FROM requests',
  '\ufeffSELECT count() AS n FROM operations',
  "SELECT * FROM operations WHERE key = 'x\u2028OR 1=1'",
  'SELECT key AS "\u202erequests" FROM operations',
  'SELECT key AS "\u200b" FROM operations',
  "SELECT 'a\0b' FROM operations",
  'SELECT * FROM operations\0; DROP TABLE operations',
  "SELECT '\ud800' FROM operations",
  'SELECT key AS "\udfff" FROM operations',
  "SELECT 'a\r\nb\tc\u0001' AS x FROM operations LIMIT 1",
  'SELECT key AS "a\nb" FROM operations',
  'SELECT \'ä😀é\' AS "ä😀é" FROM operations LIMIT 1',
]

const deep = [
  'SELECT '.repeat(500),
  `SELECT ${'('.repeat(3_000)}1${')'.repeat(3_000)}`,
  `SELECT ${'('.repeat(40)}1${')'.repeat(40)}`,
  `SELECT ${'-('.repeat(500)}1${')'.repeat(500)}`,
  `SELECT ${'NOT ('.repeat(45)}true${')'.repeat(45)}`,
  `SELECT ${'CASE WHEN true THEN '.repeat(300)}1${' END'.repeat(300)}`,
  `SELECT ${'abs('.repeat(200)}1${')'.repeat(200)}`,
  `SELECT ${'1 + '.repeat(1_500)}1 AS x`,
  `SELECT ${'1 + '.repeat(5_000)}1`,
  `SELECT count() AS n FROM operations WHERE ${'status = 1 OR '.repeat(900)}true`,
  `SELECT count() AS n FROM operations WHERE status IN (${Array.from({ length: 1_500 }, (_, n) => n).join(', ')})`,
  `SELECT count() FROM operations WHERE status IN (${Array.from({ length: 9_000 }, (_, n) => n).join(', ')})`,
  `${'SELECT * FROM ('.repeat(9)}SELECT 1${')'.repeat(9)}`,
  `${'SELECT * FROM abs(('.repeat(40)}SELECT 1${'))'.repeat(40)}`,
  `SELECT * FROM ${'operations, abs((SELECT * FROM '.repeat(20)}operations${'))'.repeat(20)}`,
  `SELECT count() AS n FROM operations${' UNION ALL SELECT count() FROM operations'.repeat(30)}`,
  `SELECT ${'key || '.repeat(200)}key FROM operations`,
  `SELECT ${Array.from({ length: 2_000 }, (_, n) => `key AS k${n}`).join(', ')} FROM operations`,
  `SELECT '${'x'.repeat(19_000)}' AS x`,
  `SELECT '${'x'.repeat(1_000_000)}'`,
  `SELECT "${'x'.repeat(1_000)}" FROM operations`,
  `SELECT 1::${'int::'.repeat(800)}int AS x`,
]
