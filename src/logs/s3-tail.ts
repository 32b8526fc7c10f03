/** The columns behind the numbers, in order. `extra` stood before Host Id in March 2019; `more` is what nobody knows. */
export const TAIL_FIELDS = [
  'referer',
  'ua',
  'version',
  'extra',
  'host_id',
  'sig',
  'cipher',
  'auth',
  'host',
  'tls',
  'ap_arn',
  'acl',
  'region',
  'more',
] as const

/** What stands behind the numbers of a line, as logged. */
export type Tail = Partial<Record<(typeof TAIL_FIELDS)[number], string | undefined>>

const CONNECTION = String.raw`(SigV[^ ]*|-) ([^ ]+) (AuthHeader|QueryString|-) ([^ ]+)`
const TRAILING = '(?: (TLS[^ ]*|-)(?: ([^ ]+)(?: ([^ ]+)(?: ([^ ]+)(?: ([^]+))?)?)?)?)?'
const CLOSING = new RegExp(` ([^ ]+)(?: (AIDA[^ ]*|-))?? ([^ ]+) ${CONNECTION}${TRAILING}$`, 'iy')
const CONNECTED = new RegExp(`^${CONNECTION}${TRAILING}$`, 'i')

/** Signature Version, Cipher Suite, Authentication Type, Host and TLS Version of `text`, which ends the line; null if it is none. */
export function cutConnection(text: string): (string | undefined)[] | null {
  return CONNECTED.exec(text)?.slice(1, 6) ?? null
}

/**
 * Cuts what follows the numbers. Referer and User-Agent are quoted but not escaped, so quotes are tried from the right:
 * the first one whose remainder reads like the closing columns ends the User-Agent.
 */
export function cutTail(rest: string): Tail {
  const quote = rest.lastIndexOf('"')
  if (quote === -1) return cutBare(rest)
  const [referer, from] = cutReferer(rest)
  if (referer === undefined) return cutLeftmost(rest)
  for (let q = quote; q >= from && q > 0; q = rest.lastIndexOf('"', q - 1)) {
    const closing = cutClosing(rest, q + 1)
    if (closing !== null) return { ...closing, referer, ua: rest.slice(from, q) }
    // Lines of before 2019 end in Version Id, those of 2006 in the User-Agent.
    if (q === quote && isShort(rest, q + 1) && !rest.slice(from, q).includes('" ')) {
      return { referer, ua: rest.slice(from, q), version: rest.slice(q + 2) || undefined }
    }
  }
  return cutLeftmost(rest)
}

/** Referer and where the User-Agent begins; Ceph does not quote the Referer. */
function cutReferer(rest: string): [string | undefined, number] {
  const quoted = rest.startsWith('"')
  const end = quoted ? rest.indexOf('" "', 1) : rest.indexOf(' "', 1)
  if (end === -1) return [undefined, 0]
  return quoted ? [rest.slice(1, end), end + 3] : [rest.slice(0, end), end + 2]
}

function cutClosing(rest: string, at: number): Tail | null {
  CLOSING.lastIndex = at
  const match = CLOSING.exec(rest)
  if (match === null) return null
  const [, version, extra, host_id, sig, cipher, auth, host, tls, ap_arn, acl, region, more] = match
  return { version, extra, host_id, sig, cipher, auth, host, tls, ap_arn, acl, region, more }
}

// BATCH.* rows and copy sources: `- -`, then the closing columns.
function cutBare(rest: string): Tail {
  const [referer, ua] = rest.split(' ', 2)
  const at = (referer?.length ?? 0) + 1 + (ua?.length ?? 0)
  const closing = cutClosing(rest, at)
  return closing === null ? cutLeftmost(rest) : { ...closing, referer, ua }
}

function cutLeftmost(rest: string): Tail {
  let at = 0
  const next = (): string | undefined => {
    if (at >= rest.length) return undefined
    const quoted = rest.charCodeAt(at) === 34
    const found = rest.indexOf(quoted ? '" ' : ' ', at + 1)
    const last = quoted && rest.endsWith('"') ? rest.length - 1 : rest.length
    const end = found === -1 ? Math.max(last, at + 1) : found
    const value = rest.slice(quoted ? at + 1 : at, end)
    at = end + (quoted ? 2 : 1)
    return value
  }
  return { referer: next(), ua: next(), version: next(), more: rest.slice(at) || undefined }
}

function isShort(rest: string, at: number): boolean {
  return (
    at === rest.length || (rest.charCodeAt(at) === 32 && at + 1 < rest.length && !rest.includes(' ', at + 1))
  )
}
