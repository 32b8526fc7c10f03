import { Sender } from '@questdb/nodejs-client'
import { InvalidError, UnavailableError } from '../errors.ts'
import type { QuestDBAddress } from './address.ts'

/** A column's value: text, a number, a boolean, or a Date (to the millisecond). Null and undefined leave it out. */
export type Value = string | number | boolean | Date | null | undefined

export interface Row {
  /** The designated timestamp, in milliseconds since the epoch. */
  ts_ms: number
  symbols?: Record<string, string | null>
  columns: Record<string, Value>
}

/**
 * Appends rows to one of the small tables. Throws UnavailableError when they may not have arrived: append them again,
 * DEDUP makes them one. Through the client library: its 32,000 rows/s are plenty here, and not for `operations`.
 */
export interface Appender {
  append(table: string, rows: readonly Row[]): Promise<void>
  close(): Promise<void>
}

export async function openAppender({ httpUrl, authorization }: QuestDBAddress): Promise<Appender> {
  const { protocol, hostname, port } = new URL(httpUrl)
  const [user = '', ...password] =
    authorization === null
      ? []
      : Buffer.from(authorization.slice('Basic '.length), 'base64').toString().split(':')
  const login = user === '' ? '' : `username=${setting(user)};password=${setting(password.join(':'))};`
  const scheme = protocol.slice(0, -1)
  // Its default transport does not work under Bun, and its retries would hide an outage for ten seconds.
  const sender = await Sender.fromConfig(
    `${scheme}::addr=${hostname}:${port || (scheme === 'https' ? 443 : 80)};${login}stdlib_http=on;auto_flush=off;protocol_version=2;retry_timeout=0;request_timeout=30000`,
  )
  let turn: Promise<void> = Promise.resolve()

  async function flush(table: string, rows: readonly Row[]): Promise<void> {
    const refuse = (fact: string, cause: unknown): never => {
      throw new InvalidError(`Cannot append to ${table}: ${fact}`, undefined, 'bad_rows', { cause })
    }
    sender.reset()
    for (const row of rows) await add(sender, table, row).catch((cause) => refuse(textOf(cause), cause))
    await sender.flush().catch((cause: unknown) => {
      const message = textOf(cause)
      // The library keeps the server's words for itself; 400 is all that tells a bad row.
      if (message.includes('statusCode=400')) refuse('QuestDB refused the rows', cause)
      throw new UnavailableError(`Cannot append to ${table}: ${message}`, undefined, { cause })
    })
  }

  return {
    // One sender is one buffer: calls take turns.
    append(table, rows) {
      const mine = turn.then(() => flush(table, rows))
      turn = mine.catch(() => {})
      return mine
    },
    close: () => turn.then(() => sender.close()),
  }
}

async function add(sender: Sender, table: string, { ts_ms, symbols = {}, columns }: Row): Promise<void> {
  sender.table(table)
  for (const [name, value] of Object.entries(symbols)) if (value !== null) sender.symbol(name, clean(value))
  for (const [name, value] of Object.entries(columns)) {
    if (typeof value === 'string') sender.stringColumn(name, clean(value))
    else if (Number.isInteger(value)) sender.intColumn(name, Number(value))
    else if (typeof value === 'number') sender.floatColumn(name, value)
    else if (typeof value === 'boolean') sender.booleanColumn(name, value)
    else if (value instanceof Date) sender.timestampColumn(name, value.getTime(), 'ms')
  }
  await sender.at(ts_ms, 'ms')
}

/** A value for the library's settings, where a semicolon is doubled. */
function setting(value: string): string {
  return value.replaceAll(';', ';;')
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'no answer'
}

// QuestDB's JSON output does not escape control characters, and a lone surrogate is answered with 500.
function clean(value: string): string {
  // oxlint-disable-next-line no-control-regex
  return value.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, ' ')
}
