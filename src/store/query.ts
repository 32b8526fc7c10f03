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

/**
 * Runs one SQL text and gives all its rows. Throws InvalidError for bad SQL (`bad_query`), for what takes too long
 * (`query_timeout`) or too much memory (`query_too_large`), and UnavailableError while QuestDB is away.
 */
export type Query = (sql: string) => Promise<Result>

export interface QueryPool {
  query: Query
  read: BoundedQuery
  close(): Promise<void>
}

export interface QueryBounds {
  /** Ends the query in QuestDB, within a fraction of a second. */
  signal: AbortSignal
  bytes_at_most: number
}

/**
 * As `Query`, in the protocol's form that takes one statement alone. Throws InvalidError also when there are too many
 * bytes (`result_too_large`) and when the signal aborts (`cancelled`), and UnavailableError `too_many_queries` when no
 * connection becomes free in time.
 */
export type BoundedQuery = (sql: string, bounds: QueryBounds) => Promise<Result>

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
    query: async (sql) =>
      resultOf(await pool.query<unknown[]>({ text: sql, rowMode: 'array' }).catch(explainOwn)),
    async read(sql, { signal, bytes_at_most }) {
      const client = await pool.connect().catch((cause: unknown) => {
        const isFull = pool.totalCount >= connections && pool.idleCount === 0
        throw isFull ? tooMany(cause) : explain(cause)
      })
      const { stream } = client.connection
      let bytes = 0
      let ended: InvalidError | undefined
      // A connection that is given up with a query under way is closed, and QuestDB ends the query.
      const end = (why: InvalidError): void => {
        ended ??= why
        stream.destroy()
      }
      const count = (chunk: Buffer): void => {
        bytes += chunk.length
        if (bytes > bytes_at_most) end(tooLarge(bytes_at_most))
      }
      const cancel = (): void => end(cancelled())
      // What is thrown tells the same, and without a listener it would end the process.
      const ignore = (): void => {}
      let broken = true
      client.on('error', ignore)
      stream.on('data', count)
      signal.addEventListener('abort', cancel)
      try {
        if (signal.aborted) throw cancelled()
        const text = { text: sql, rowMode: 'array' as const, queryMode: 'extended' as const }
        const result = resultOf(await client.query<unknown[]>(text))
        broken = false
        return result
      } catch (error) {
        broken = !isRefusal(error)
        return explain(ended ?? error)
      } finally {
        stream.off('data', count)
        signal.removeEventListener('abort', cancel)
        // A connection that breaks may say so later.
        if (!broken) client.off('error', ignore)
        client.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

// What QuestDB itself answers; the connection can be used again.
function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && 'severity' in cause
}

function resultOf({ fields, rows }: pg.QueryArrayResult<unknown[]>): Result {
  return {
    columns: fields.map((field) => ({ name: field.name, type: typeNames[field.dataTypeID] ?? 'VARCHAR' })),
    rows,
  }
}

function tooMany(cause: unknown): UnavailableError {
  return new UnavailableError('Cannot run the query: too many are under way', 'try again in a few seconds', {
    cause,
    code: 'too_many_queries',
  })
}

function cancelled(): InvalidError {
  return new InvalidError('Cannot finish the query: it was cancelled', 'run it again', 'cancelled')
}

function tooLarge(bytes: number): InvalidError {
  return new InvalidError(
    `Cannot answer: the rows are larger than ${Math.floor(bytes / 1024 / 1024)} MB`,
    'select fewer columns or fewer rows',
    'result_too_large',
  )
}

/** Of SQL that is ours: who does not even answer that a time limit is over is away, and asking again will help. */
function explainOwn(cause: unknown): never {
  const isLate =
    cause instanceof Error && /^Query read timeout|timeout exceeded when trying/.test(cause.message)
  if (!isLate) return explain(cause)
  throw new UnavailableError(
    'Cannot answer: the database did not answer in time',
    'try again in a few seconds',
    { cause, code: 'database_slow' },
  )
}

// QuestDB gives every error the code 00000, so a message is all there is to tell them apart.
function explain(cause: unknown): never {
  if (cause instanceof InvalidError) throw cause
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/timeout, query aborted|Query read timeout/.test(message)) {
    throw new InvalidError(
      'Cannot finish the query: it ran longer than its time limit',
      'narrow the time window or add filters',
      'query_timeout',
      { cause },
    )
  }
  if (isRefusal(cause) && /memory limit|heap space|pages \(\d+\) breached|resizes exceeded/.test(message)) {
    throw new InvalidError(
      'Cannot finish the query: it needs more memory than a query may take',
      'narrow the time window, select or group by fewer columns, or join on columns with more different values',
      'query_too_large',
      { cause },
    )
  }
  if (isRefusal(cause) && !/cancelled by user/.test(message)) {
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
