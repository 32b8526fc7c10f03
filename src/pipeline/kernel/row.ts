import { writeLong } from './decimal'
import { IS_BY_METHOD, IS_FORM, IS_UPLOAD, REQUESTER, lookUp } from './learned'
import * as line from './line'
import { ORIGIN } from './memory'
import { writeRequestUri } from './request-uri'
import { find } from './scan'
import { isMarked, isSuspect, isSuspectWord } from './suspect'
import { Name, goTo, number, open, out, part, plusesToSpaces, quoted, text, zero } from './write'
import { xxHash64 } from './xxhash64'

const space: u8 = 32
const dot: u8 = 46
const slash: u8 = 47

/** Writes the row of the line that `cutLine` has cut, at `row`; returns where it ends, 0 when it is the careful reader's. */
export function writeRow(from: usize, to: usize, row: usize, origin_length: usize): usize {
  if (mayHoldSecret()) return 0
  const head = line.head!
  const operation = line.operation!
  if (operation.number & IS_BY_METHOD && !isOfMethod()) return 0
  const connection = line.connection!
  goTo(row)
  part(ORIGIN, origin_length)
  part(head.part, head.part_length)
  part(operation.part, operation.part_length)
  number(Name.status, line.status, line.status_end)
  text(Name.error_code, line.error, line.error_end)
  writeKey((operation.number & IS_FORM) !== 0)
  if (!number(Name.bytes_sent, line.bytes, line.bytes_end)) zero(Name.bytes_sent)
  const is_upload = (operation.number & IS_UPLOAD) !== 0
  if (!is_upload || !number(Name.bytes_received, line.size, line.size_end)) zero(Name.bytes_received)
  number(Name.object_size, line.size, line.size_end)
  number(Name.total_ms, line.total, line.total_end)
  number(Name.turnaround_ms, line.turnaround, line.turnaround_end)
  text(Name.remote_ip, line.ip, line.ip_end)
  text(Name.requester, line.requester, line.requester_end)
  text(Name.request_id, line.id, line.id_end)
  if (!writeRequestUri(line.uri, line.uri_end)) return 0
  text(Name.referer, line.referer, line.referer_end)
  text(Name.user_agent, line.agent, line.agent_end)
  text(Name.version_id, line.version, line.version_end)
  part(connection.part, connection.part_length)
  open(Name.line_hash)
  goTo(writeLong(out, <i64>xxHash64(from, to - from)))
  store<u16>(out, 0x2069) // `i `
  // In microseconds; and a newline.
  const end = writeLong(out + 2, line.ts_s)
  store<u64>(end, 0x0a303030303030)
  return end + 7
}

/** Whether the request's method is the one in the operation's name: `REST.OPTIONS.PREFLIGHT`, `OPTIONS /`. */
function isOfMethod(): bool {
  let name = find(dot, line.verb, line.key) + 1
  let method = line.uri
  while (method < line.uri_end && load<u8>(method) !== space) {
    if (load<u8>(name) !== load<u8>(method)) return false
    name++
    method++
  }
  return method > line.uri && load<u8>(name) === dot
}

/** Whether any column but Request-URI may hold a secret. */
function mayHoldSecret(): bool {
  if (isSuspectWord(line.ip, line.ip_end) || isSuspectWord(line.error, line.error_end)) return true
  // Request ID, Operation and Key; Referer, User-Agent and Version Id.
  if (isSuspectWord(line.id, line.key_end) || isSuspect(line.referer, line.version_end)) return true
  // Names of accounts and roles hold colons, and are few.
  if (!isMarked(line.requester, line.requester_end)) return false
  const requester = lookUp(REQUESTER, line.requester, line.requester_end)
  return !requester || requester.number !== 0
}

/** `is_form`: a plus sign is a space, as in a form. */
function writeKey(is_form: bool): void {
  const from = out
  text(Name.key, line.key, line.key_end)
  const key_slash = find(slash, line.key, line.key_end)
  if (key_slash > line.key && key_slash < line.key_end) quoted(Name.key_prefix, line.key, key_slash)
  if (is_form) plusesToSpaces(from)
}
