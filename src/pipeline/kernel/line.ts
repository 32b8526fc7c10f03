import { CONNECTION, DAY, HEAD, IS_WHOLE, OPERATION, Slot, lookUp } from './learned'
import { beyond_ascii, find, holds, isAscii, isUtf8 } from './scan'

const space: u8 = 32
const quote: u8 = 34
const percent: u8 = 37
const dash: u8 = 45
const dot: u8 = 46
const bracket: u8 = 91

/** What `cutLine` found: the learned columns, and where each of the others begins and ends. */
export let head: Slot | null = null
export let operation: Slot | null = null
export let connection: Slot | null = null
/** Seconds since the epoch. */
export let ts_s: i64 = 0
export let ip: usize = 0
export let ip_end: usize = 0
export let requester: usize = 0
export let requester_end: usize = 0
export let id: usize = 0
export let id_end: usize = 0
/** Where Operation begins. */
export let verb: usize = 0
export let key: usize = 0
export let key_end: usize = 0
export let uri: usize = 0
export let uri_end: usize = 0
export let status: usize = 0
export let status_end: usize = 0
export let error: usize = 0
export let error_end: usize = 0
export let bytes: usize = 0
export let bytes_end: usize = 0
export let size: usize = 0
export let size_end: usize = 0
export let total: usize = 0
export let total_end: usize = 0
export let turnaround: usize = 0
export let turnaround_end: usize = 0
export let referer: usize = 0
export let referer_end: usize = 0
export let agent: usize = 0
export let agent_end: usize = 0
export let version: usize = 0
export let version_end: usize = 0

/**
 * Cuts one S3 line (`from` to `to`, as plainEnd has found it) of the regular shape: single spaces, UTC, a key without percent
 * signs, the columns up to Host Header present, nothing beyond ASCII but in the clients' columns. False for all others, which
 * are the careful reader's: it gives the same for these.
 */
export function cutLine(from: usize, to: usize): bool {
  let at = readHead(from, to)
  if (at > 0) at = readUri(at, to)
  if (at > 0) at = readNumbers(at, to)
  // A bracket behind the numbers may be the time of another record.
  if (at > 0) at = at <= beyond_ascii && !holds(bracket, at, to) ? readClients(at, to) : 0
  return at > 0 && readClosing(at, to)
}

/** Owner to Key; returns where the next column begins, 0 when they are not there, as all of these do. */
function readHead(from: usize, to: usize): usize {
  const time = find(bracket, from, to) + 1
  ip = time + 28
  if (time > to || ip >= to || ip > beyond_ascii) return 0
  head = lookUp(HEAD, from, time)
  if (!head) return 0
  const day = lookUp(DAY, time, time + 12)
  const second = secondOfDay(time + 12)
  if (!day || second < 0) return 0
  ts_s = day.number + second
  ip_end = find(space, ip, to)
  requester = ip_end + 1
  requester_end = find(space, requester, to)
  id = requester_end + 1
  id_end = find(space, id, to)
  if (!isToken(ip, ip_end) || !isToken(requester, requester_end) || !isToken(id, id_end)) return 0
  // An operation where the address should be is Ceph's journal; no address has capitals.
  const first = load<u8>(ip)
  if (first >= 65 && first <= 90) return 0
  const verb_end = readOperation(to)
  if (verb_end === 0) return 0
  key = verb_end + 1
  key_end = find(space, key, to)
  return key_end >= to || !isToken(key, key_end) || holds(percent, key, key_end) ? 0 : key_end + 1
}

/** Operation: the first word with a dot behind Request ID. A requester with spaces moves that on. */
function readOperation(to: usize): usize {
  verb = id_end + 1
  let verb_end = find(space, verb, to)
  let moved = false
  while (!holds(dot, verb, verb_end)) {
    if (verb_end >= to || !isToken(verb, verb_end)) return 0
    moved = true
    requester_end = id_end
    id = verb
    id_end = verb_end
    verb = verb_end + 1
    verb_end = find(space, verb, to)
  }
  if (verb_end > beyond_ascii) return 0
  operation = lookUp(OPERATION, verb, verb_end)
  return operation && (!moved || operation!.number & IS_WHOLE) ? verb_end : 0
}

/** Request-URI, quoted, or the dash of BATCH.* and lifecycle rows; returns where the space behind it is. */
function readUri(from: usize, to: usize): usize {
  uri = uri_end = from
  if (load<u8>(from) === dash) return from + 1
  if (load<u8>(from) !== quote) return 0
  if (load<u16>(from, 1) === 0x222d) return from + 3
  uri = from + 1
  if (!isRequestLine(uri)) return 0
  uri_end = find(quote, uri, to)
  return uri_end < to && !holdsThreeSpaces(uri, uri_end) ? uri_end + 1 : 0
}

/** Status to Turn-Around Time. */
function readNumbers(from: usize, to: usize): usize {
  if (load<u8>(from) !== space) return 0
  status = from + 1
  status_end = cellEnd(status, 3)
  if (status_end === 0 || (status_end !== status + 3 && load<u8>(status) !== dash)) return 0
  error = status_end + 1
  error_end = find(space, error, to)
  if (error_end === error || error_end === to) return 0
  bytes = error_end + 1
  bytes_end = cellEnd(bytes, 15)
  if (bytes_end === 0) return 0
  size = bytes_end + 1
  size_end = cellEnd(size, 15)
  if (size_end === 0) return 0
  total = size_end + 1
  total_end = cellEnd(total, 9)
  if (total_end === 0) return 0
  turnaround = total_end + 1
  turnaround_end = numberEnd(turnaround, 9)
  if (turnaround_end === 0) return 0
  // Ceph: `12ms`.
  const is_ms = load<u16>(turnaround_end) === 0x736d && load<u8>(turnaround) !== dash
  const end = is_ms ? turnaround_end + 2 : turnaround_end
  return load<u8>(end) === space ? end + 1 : 0
}

/** Referer and User-Agent. */
function readClients(from: usize, to: usize): usize {
  referer = from
  if (load<u8>(from) === quote) {
    referer = from + 1
    referer_end = find(quote, referer, to)
    // `" "`, as quotes inside are not escaped.
    while (referer_end < to && load<u16>(referer_end, 1) !== 0x2220)
      referer_end = find(quote, referer_end + 1, to)
    agent = referer_end + 3
  } else {
    const opening = find(quote, from, to)
    if (opening === to) {
      // BATCH.* rows and copy sources.
      referer_end = agent = agent_end = from
      return load<u32>(from) === 0x202d202d ? from + 4 : 0
    }
    referer_end = opening - 1
    if (referer_end <= referer || load<u8>(referer_end) !== space) return 0
    agent = opening + 1
  }
  agent_end = to
  // Quotes inside: the last one ends it, if what follows reads like the closing columns.
  for (let at = find(quote, agent, to); at < to; at = find(quote, at + 1, to)) agent_end = at
  return agent_end < to && load<u8>(agent_end, 1) === space ? agent_end + 2 : 0
}

/** Version Id to the end of the line. */
function readClosing(from: usize, to: usize): bool {
  version = from
  version_end = find(space, version, to)
  const host_id = version_end + 1
  const host_id_end = find(space, host_id, to)
  if (version_end === version || host_id_end <= host_id || host_id_end >= to) return false
  if (beyond_ascii < to && !(isUtf8(referer, agent_end) && isAscii(agent_end, to))) return false
  connection = lookUp(CONNECTION, host_id_end + 1, to)
  return connection !== null
}

/** A column that is a word. A quote may be the opening of Request-URI, a bracket that of a time: the careful reader judges. */
function isToken(from: usize, to: usize): bool {
  const first = load<u8>(from)
  return to > from && first !== bracket && first !== quote
}

/** `METHOD `, and no time after it. */
function isRequestLine(from: usize): bool {
  let at = from
  while (load<u8>(at) >= 65 && load<u8>(at) <= 90) at++
  return at > from && load<u8>(at) === space && load<u8>(at, 1) !== bracket
}

/** Two stand around the target; a third one might hide the head of another line, or numbers that are out of range. */
function holdsThreeSpaces(from: usize, to: usize): bool {
  let spaces = 0
  for (let at = find(space, from, to); at < to; at = find(space, at + 1, to)) spaces++
  return spaces > 2
}

/** The second of `HH:MM:SS +0000] `; -1 for any other shape. */
function secondOfDay(at: usize): i64 {
  if (load<u8>(at, 2) !== 58 || load<u8>(at, 5) !== 58 || load<u64>(at, 8) !== 0x205d303030302b20) return -1
  const hour = twoDigits(at)
  const minute = twoDigits(at + 3)
  const second = twoDigits(at + 6)
  // 60 is a leap second; what are no digits are larger.
  return hour < 24 && minute < 60 && second <= 60 ? hour * 3600 + minute * 60 + second : -1
}

function twoDigits(at: usize): u32 {
  const tens = <u32>load<u8>(at) - 48
  const ones = <u32>load<u8>(at, 1) - 48
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones
}

/** Where the digits at `from` end, or the dash; 0 when there are none, too many, or zeros in front. */
function numberEnd(from: usize, digits: usize): usize {
  const first = load<u8>(from)
  if (first === dash) return from + 1
  let to = from
  while (load<u8>(to) >= 48 && load<u8>(to) <= 57) to++
  return to === from || to - from > digits || (first === 48 && to > from + 1) ? 0 : to
}

/** As numberEnd, but only where a space follows: what is glued to a number makes it none. */
function cellEnd(from: usize, digits: usize): usize {
  const to = numberEnd(from, digits)
  return to > 0 && load<u8>(to) === space ? to : 0
}
