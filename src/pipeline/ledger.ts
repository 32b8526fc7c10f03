import { parser_version } from '../logs/parse.ts'
import type { Refusal } from '../logs/record.ts'
import type { ListedObject } from '../spaces/list.ts'
import type { Appender, Row } from '../store/append.ts'
import type { Query } from '../store/query.ts'
import { text } from '../store/sql.ts'
import type { HashSet } from './hash-set.ts'
import type { Reading } from './messages.ts'

/** What is known of each log object of one source; kept in the table `log_objects`. */
export interface Ledger {
  /** Adds every finished version to `known`, in bounded memory. */
  load(known: HashSet): Promise<void>
  /** The newest delivery and operation of all that is finished; milliseconds since the epoch, null while nothing is. */
  newest(): Promise<{ delivery_ms: number | null; event_ms: number | null }>
  /** Records that these are finished. Their rows must be durable before. */
  finish(readings: readonly Reading[]): Promise<void>
  /** Keeps refused lines where someone can look. */
  keepRefused(reading: Reading, refused: readonly Refusal[]): Promise<void>
}

/** How many refused lines of one log object are kept. */
export const keptLines = 100
const page = 50_000

export function openLedger(source: string, query: Query, appender: Appender): Ledger {
  return {
    async load(known) {
      for (let offset = 0; ; offset += page) {
        const { rows } = await query(
          `SELECT key, etag FROM log_objects WHERE source = ${text(source)} LIMIT ${offset}, ${offset + page}`,
        )
        for (const [key, etag] of rows) known.add(versionHash(String(key), String(etag)))
        if (rows.length < page) return
      }
    },
    async newest() {
      const { rows } = await query(
        // Records of the future are refused; the ledger may still hold some from before they were.
        `SELECT max(ts), max(CASE WHEN newest_event < dateadd('d', 1, now()) THEN newest_event END)
FROM log_objects WHERE source = ${text(source)}`,
      )
      const [delivery_ms = null, event_ms = null] = (rows[0] ?? []).map((moment) =>
        typeof moment === 'string' ? Date.parse(moment) : null,
      )
      return { delivery_ms, event_ms }
    },
    finish: (readings) =>
      appender.append(
        'log_objects',
        readings.map((reading) => entry(source, reading)),
      ),
    async keepRefused(reading, refused) {
      if (refused.length === 0) return
      await appender.append(
        'refused_lines',
        refused.map(({ line, reason, excerpt }) => ({
          ts_ms: reading.object.modified_ms,
          symbols: { source, reason },
          columns: { log_object: reading.object.key, line, excerpt },
        })),
      )
    },
  }
}

/** Names one version of an object: a new content has a new etag, and is read again. */
function versionHash(key: string, etag: string): bigint {
  return Bun.hash.xxHash64(`${etag} ${key}`)
}

/** The version hash of a listed object. */
export function hashOf({ key, etag }: ListedObject): bigint {
  return versionHash(key, etag)
}

function entry(source: string, reading: Reading): Row {
  const { object, lines, rows, refused, blank, expired, failure, oldest_us, newest_us } = reading
  const date = (us: number | null): Date | null => (us === null ? null : new Date(us / 1000))
  return {
    ts_ms: object.modified_ms,
    symbols: { source, state: failure?.state ?? 'done' },
    columns: {
      key: object.key,
      etag: object.etag,
      bytes: object.bytes,
      lines,
      rows,
      refused,
      blank,
      expired,
      reason: failure?.reason,
      oldest_event: date(oldest_us),
      newest_event: date(newest_us),
      ingested_at: new Date(),
      parser_version,
    },
  }
}
