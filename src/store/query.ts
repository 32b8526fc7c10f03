import pg from 'pg'
import { InvalidError, UnavailableError } from '../errors.ts'

/** A result column: QuestDB's name and type (`TIMESTAMP`, `LONG`, `VARCHAR` ...). */
export interface Column {
  name: string
  type: string
}

/** `rows` hold JSON values: numbers, strings, booleans, null; timestamps as ISO 8601 strings in UTC. */
export interface Result {
  columns: Column[]
  rows: unknown[][]
}

/** Runs one SQL text and gives all its rows. Throws InvalidError for bad SQL, UnavailableError while QuestDB is away. */
export type Query = (sql: string) => Promise<Result>

export interface QueryPool {
  query: Query
  close(): Promise<void>
}

export interface QueryOptions {
  connections: number
  timeout_ms: number
}

// QuestDB announces its types by PostgreSQL's numbers; symbols and strings come as VARCHAR.
const typeNames: Record<number, string> = {
  16: 'BOOLEAN',
  20: 'LONG',
  21: 'SHORT',
  23: 'INT',
  700: 'FLOAT',
  701: 'DOUBLE',
  1042: 'CHAR',
  1043: 'VARCHAR',
  1082: 'DATE',
  1114: 'TIMESTAMP',
  2950: 'UUID',
}

const parsers: Record<number, (text: string) => unknown> = {
  16: (text) => text === 't',
  20: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  21: Number,
  23: Number,
  700: finite,
  701: finite,
  // pg would read it in the local time zone of the process.
  1114: (text) => `${text.replace(' ', 'T')}Z`,
}

function finite(text: string): number | null {
  const number = Number(text)
  return Number.isFinite(number) ? number : null
}

/** Opens a pool of read connections; nothing is connected before the first query. */
export function openQueryPool(pgUrl: string, { connections, timeout_ms }: QueryOptions): QueryPool {
  const pool = new pg.Pool({
    connectionString: pgUrl,
    max: connections,
    connectionTimeoutMillis: 5_000,
    query_timeout: timeout_ms + 2_000,
    // The only form of a time limit that QuestDB takes from a client.
    options: `-c statement_timeout=${timeout_ms}`,
    types: { getTypeParser: (oid: number) => parsers[oid] ?? ((text: string) => text) },
  })
  // Without a listener a connection that drops while idle would end the process.
  pool.on('error', () => {})
  return {
    async query(sql) {
      const result = await pool.query<unknown[]>({ text: sql, rowMode: 'array' }).catch(explain)
      return {
        columns: result.fields.map((field) => ({
          name: field.name,
          type: typeNames[field.dataTypeID] ?? 'VARCHAR',
        })),
        rows: result.rows,
      }
    },
    close: () => pool.end(),
  }
}

// QuestDB gives every error the code 00000, so a message is all there is to tell them apart.
function explain(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/timeout, query aborted|Query read timeout/.test(message)) {
    throw new InvalidError(
      'Cannot finish the query: it ran longer than its time limit',
      'narrow the time window or add filters',
      'query_timeout',
      { cause },
    )
  }
  if (cause instanceof Error && 'severity' in cause && !/RSS memory limit|cancelled by user/.test(message)) {
    throw new InvalidError(`Cannot run the query: ${message}`, undefined, 'bad_query', { cause })
  }
  throw new UnavailableError(
    `Cannot reach QuestDB: ${message || 'no answer'}`,
    'try again in a few seconds',
    {
      cause,
    },
  )
}
