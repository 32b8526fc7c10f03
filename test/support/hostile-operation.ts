import fc from 'fast-check'
import type { Operation } from '../../src/logs/record.ts'

// What ends rows, fields, strings or JSON somewhere, and what Unicode has at its edges.
const nasty = [
  ...'\n\r\t"\\,= \0\u007f\u0085\u2028\u2029\ufeff\uffff\ufffe',
  '\ud800',
  '\udfff',
  '😀',
  'ü',
  '\\"',
  '" 1790000000000000\noperations is_request=t 1790000000000000\n',
  'null',
]

/** Text of any code units, rich in what has a meaning in line protocol. */
export const hostileText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...nasty, 'a', 'b'), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((all) => String.fromCharCode(...all)),
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
)

const text = fc.option(hostileText, { freq: 4 })
const small = fc.option(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { freq: 4 })
const big = fc.oneof(fc.maxSafeNat(), fc.nat(10), fc.constantFrom(2 ** 31, 2 ** 31 - 1, 2 ** 53 - 1))

/** Any operation that a parser may make of any line: text is untrusted, numbers are within their columns. */
export const hostileOperation: fc.Arbitrary<Operation> = fc.record({
  ts: fc.integer({ min: 0, max: 7_258_118_400_000_000 - 1 }),
  format: fc.constantFrom('s3' as const, 'cdn' as const),
  bucket: text,
  operation: text,
  class: fc.constantFrom('read' as const, 'write' as const, 'other' as const),
  is_request: fc.boolean(),
  method: text,
  status: small,
  error_code: text,
  key: text,
  key_prefix: text,
  bytes_sent: big,
  bytes_received: big,
  object_size: fc.option(big),
  total_ms: small,
  turnaround_ms: small,
  remote_ip: text,
  requester: text,
  request_id: text,
  request_uri: text,
  referer: text,
  user_agent: text,
  version_id: text,
  host: text,
  signature_version: text,
  auth_type: text,
  tls_version: text,
  cipher: text,
  cache_result: text,
  edge_location: text,
  line_hash: fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
})

/** What the store keeps of a text: no control characters, no lone surrogates. */
export function cleaned(value: string): string {
  return value.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, ' ')
}
