import { expect, setDefaultTimeout, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { readLogLine } from '../../src/log-objects/line.ts'
import { testBucket } from '../support/bucket.ts'
import { s3LogLine } from '../support/s3-log-line.ts'

setDefaultTimeout(60_000)

const bucket = await testBucket()
const lines = Array.from({ length: 3000 }, (_, n) =>
  s3LogLine({ bucket: 'photos', key: `ü/${n}`, at_ms: n * 1000 }),
)
const hashOf = (line: string): bigint => BigInt.asIntN(64, Bun.hash.xxHash64(line))
const read = (key: string, line_hash: bigint) =>
  readLogLine(bucket.client, { bucket: bucket.bucket, key, line_hash, signal: AbortSignal.timeout(20_000) })
await bucket.put('plain', lines.join('\n'))
await bucket.put('packed', gzipSync(lines.map((line) => `${line}\r\n`).join('')))

test.each(['plain', 'packed'])('a line of the log object %s is found by its hash', async (key) => {
  for (const at of [0, 1, 1500, 2999]) {
    const line = lines[at] ?? ''
    expect(await read(key, hashOf(line))).toEqual({ key, line_number: at + 1, line })
  }
})

test('a line that is not there is not found', async () => {
  expect(read('plain', 1n)).rejects.toMatchObject({ code: 'not_found' })
  expect(read('none', 1n)).rejects.toMatchObject({ code: 'not_found' })
})

test('secrets in the address of a line stay hidden', async () => {
  const signed = s3LogLine({ bucket: 'photos', key: 'a', at_ms: 0 }).replace(
    'HTTP/1.1',
    '?X-Amz-Signature=5ecre7&X-Amz-Credential=AKIA HTTP/1.1',
  )
  await bucket.put('signed', signed)
  expect((await read('signed', hashOf(signed))).line).not.toContain('5ecre7')
})
