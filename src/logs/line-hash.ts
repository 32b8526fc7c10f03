/** What tells a line from all others: xxHash64 of its raw bytes, without the end of the line, as a signed 64-bit integer. */
export function lineHash(raw: Uint8Array): bigint {
  return BigInt.asIntN(64, Bun.hash.xxHash64(raw))
}
