import type { Operation } from '../logs/record.ts'
import { escapeText, names } from './ilp-fields.ts'
import { createSlabs, joinBytes } from './slabs.ts'
import type { Part } from './slabs.ts'

/** Rows in InfluxDB line protocol, one a line, that wait to be posted. It owns their bytes. */
export interface RowBuffer {
  /**
   * Adds rows of one log object. Their bytes stay as they are until `take` is through with them; those of consecutive
   * calls mostly lie side by side. Values are untrusted: whatever they hold, n operations are n rows.
   */
  append(
    operations: readonly Operation[],
    /** How each row begins: see originOf. */
    origin: Uint8Array,
    /** Rows that are encoded already, which go before. */
    ready?: Uint8Array,
  ): Part
  /**
   * Gives parts to `use`, joined to as few bodies as their places allow; once it resolves their places may be written
   * again. When it rejects they stay, to be taken once more.
   */
  take<T>(parts: readonly Part[], use: (bodies: Uint8Array<ArrayBuffer>[]) => Promise<T>): Promise<T>
}

const slab_bytes = 16 << 20
// Of a 64-bit integer in decimal.
const longest = 20
const limbs64 = new BigInt64Array(1)
const limbs16 = new Uint16Array(limbs64.buffer)
const scratch = new Uint8Array(longest)
const backslash = 92
const quote = 34

/**
 * Creates an empty one. Written by hand, as the client library is eight times slower;
 * byte by byte, as JavaScript strings joined and then encoded cost twice as much.
 * Symbols go as quoted strings too, which QuestDB casts: so there is one rule of escaping and not three.
 */
export function createRowBuffer(): RowBuffer {
  const slabs = createSlabs(slab_bytes)
  let out = slabs.take(slab_bytes)
  let from = 0
  let at = 0

  /** Makes room; what is being written moves to a new slab when it no longer fits. */
  function reserve(size: number): void {
    if (at + size <= out.length) return
    const begun = out.subarray(from, at)
    const full = out
    out = slabs.take(Math.max(slab_bytes, 2 * begun.length + size))
    out.set(begun)
    slabs.close(full)
    from = 0
    at = begun.length
  }

  function raw(part: Uint8Array): void {
    const { length } = part
    const buffer = out
    const start = at
    for (let i = 0; i < length; i++) buffer[start + i] = part[i] as number
    at = start + length
  }

  function text(name: Uint8Array, value: string | null): void {
    if (value === null) return
    reserve(name.length + value.length * 3 + 1)
    raw(name)
    const buffer = out
    const { length } = value
    let to = at
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code < 127) {
        if (code === quote || code === backslash) buffer[to++] = backslash
        // A control character could end the row, and QuestDB's JSON output does not escape NUL.
        buffer[to++] = code < 32 ? 32 : code
      } else {
        at = to
        beyondAscii(value, i)
        to = at
        break
      }
    }
    buffer[to++] = quote
    at = to
  }

  function beyondAscii(value: string, from: number): void {
    const rest = escapeText(value.slice(from))
    // It writes a lone surrogate as U+FFFD; QuestDB answers one with 500, which would be tried again for ever.
    at += utf8.encodeInto(rest, out.subarray(at)).written
  }

  function integer(name: Uint8Array, value: number | null): void {
    if (value === null) return
    reserve(name.length + 24)
    raw(name)
    digits(value)
    out[at++] = 105
  }

  function digits(value: number): void {
    if (value > 0x7fffffff || value < 0) {
      const long = String(value)
      for (let i = 0; i < long.length; i++) out[at++] = long.charCodeAt(i)
      return
    }
    let length = 1
    for (let rest = value | 0; rest >= 10; rest = (rest / 10) | 0) length++
    at += length
    let rest = value | 0
    for (let i = 1; i <= length; i++) {
      const tens = (rest / 10) | 0
      out[at - i] = 48 + rest - tens * 10
      rest = tens
    }
  }

  // BigInt's own text costs a tenth of the row: 16 bits at a time, divided by 10,000, it is a quarter of that.
  // Read one by one, as taking the four apart by a pattern walks an iterator, which cost a third of the whole row.
  function long(value: bigint): void {
    limbs64[0] = value
    let rest3 = limbs16[3] as number
    if (rest3 >= 0x8000) {
      out[at++] = 45
      limbs64[0] = -value
      rest3 = limbs16[3] as number
    }
    let rest2 = limbs16[2] as number
    let rest1 = limbs16[1] as number
    let rest0 = limbs16[0] as number
    let to = longest
    do {
      let rest = rest3
      rest3 = (rest / 10_000) | 0
      rest = (rest - rest3 * 10_000) * 0x10000 + rest2
      rest2 = (rest / 10_000) | 0
      rest = (rest - rest2 * 10_000) * 0x10000 + rest1
      rest1 = (rest / 10_000) | 0
      rest = (rest - rest1 * 10_000) * 0x10000 + rest0
      rest0 = (rest / 10_000) | 0
      let group = rest - rest0 * 10_000
      const more = (rest3 | rest2 | rest1 | rest0) !== 0
      for (let i = 0; i < 4 && (more || group > 0 || i === 0); i++) {
        const tens = (group / 10) | 0
        scratch[--to] = 48 + group - tens * 10
        group = tens
      }
    } while ((rest3 | rest2 | rest1 | rest0) !== 0)
    for (; to < longest; to++) out[at++] = scratch[to] as number
  }

  return {
    append(operations, origin, ready = nothing) {
      from = at
      reserve(ready.length)
      out.set(ready, at)
      at += ready.length
      for (const operation of operations) {
        reserve(origin.length + 64)
        raw(origin)
        text(names.format, operation.format)
        text(names.bucket, operation.bucket)
        text(names.operation, operation.operation)
        text(names.class, operation.class)
        text(names.method, operation.method)
        reserve(64)
        raw(names.is_request)
        out[at++] = operation.is_request ? 116 : 102
        integer(names.status, operation.status)
        text(names.error_code, operation.error_code)
        text(names.key, operation.key)
        text(names.key_prefix, operation.key_prefix)
        integer(names.bytes_sent, operation.bytes_sent)
        integer(names.bytes_received, operation.bytes_received)
        integer(names.object_size, operation.object_size)
        integer(names.total_ms, operation.total_ms)
        integer(names.turnaround_ms, operation.turnaround_ms)
        text(names.remote_ip, operation.remote_ip)
        text(names.requester, operation.requester)
        text(names.request_id, operation.request_id)
        text(names.request_uri, operation.request_uri)
        text(names.referer, operation.referer)
        text(names.user_agent, operation.user_agent)
        text(names.version_id, operation.version_id)
        text(names.host, operation.host)
        text(names.signature_version, operation.signature_version)
        text(names.auth_type, operation.auth_type)
        text(names.tls_version, operation.tls_version)
        text(names.cipher, operation.cipher)
        text(names.cache_result, operation.cache_result)
        text(names.edge_location, operation.edge_location)
        reserve(80)
        raw(names.line_hash)
        long(operation.line_hash)
        out[at++] = 105
        out[at++] = 32
        digits(operation.ts)
        out[at++] = 10
      }
      const rows = slabs.hold(out.subarray(from, at))
      from = at
      return rows
    },
    async take(parts, use) {
      cut()
      const answer = await use(joinBytes(parts.map(({ bytes }) => bytes)))
      parts.forEach(slabs.release)
      return answer
    },
  }

  /** What is appended from here on lies in another slab: what there is so far can go out as one. */
  function cut(): void {
    if (at === 0) return
    slabs.close(out)
    out = slabs.take(slab_bytes)
    from = 0
    at = 0
  }
}

const utf8 = new TextEncoder()
const nothing = new Uint8Array(0)
