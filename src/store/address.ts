import { InvalidError } from '../errors.ts'

/** Where a QuestDB answers: HTTP for writing and DDL, PostgreSQL's wire for reading. */
export interface QuestDBAddress {
  /** Without credentials and without a trailing slash. */
  httpUrl: string
  /** Value of the Authorization header, or null where the server asks for none. */
  authorization: string | null
  /** `postgres://user:password@host:port/qdb` */
  pgUrl: string
}

/** Reads the user name and password out of `httpUrl`; throws InvalidError for what is no http address. */
export function questdbAddress(httpUrl: string, pgUrl: string): QuestDBAddress {
  const url = URL.canParse(httpUrl) ? new URL(httpUrl) : null
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidError('Cannot use QUESTDB_HTTP_URL: it is no http(s) address', 'write http://HOST:9000')
  }
  const user = decodeURIComponent(url.username)
  const credentials = Buffer.from(`${user}:${decodeURIComponent(url.password)}`).toString('base64')
  return {
    httpUrl: url.origin + url.pathname.replace(/\/+$/, ''),
    authorization: user === '' ? null : `Basic ${credentials}`,
    pgUrl,
  }
}
