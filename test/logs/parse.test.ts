import { describe, expect, test } from 'bun:test'
import { createRunParser } from '../../src/logs/parse.ts'
import { redactLine } from '../../src/logs/redact.ts'
import { condense, readFixtures, runOf, type Fixture } from './fixture.ts'

const fixtures = { s3: await readFixtures('s3'), cloudfront: await readFixtures('cloudfront') }
const text = (of: Fixture[]) => of.map(({ line }) => line).join('\n')
const first = fixtures.s3[0]?.line ?? ''

for (const [format, all] of Object.entries(fixtures)) {
  describe(`parser reads ${format}`, () => {
    const { operations, refused, blank } = createRunParser().parse(runOf(text(all)))
    const outcomes = operations.map(condense)
    const reasons = new Map(refused.map(({ line, reason }) => [line, reason]))
    all.forEach(({ shape, operation, refused: reason }, index) => {
      const got = operation === undefined ? reasons.get(index + 1) : outcomes.shift()
      test(shape, () => expect<unknown>(got).toEqual(operation ?? reason))
    })
    test('and every line once', () => {
      expect(operations.length + refused.length + blank).toBe(all.length)
      expect(blank).toBe(all.filter((fixture) => fixture.blank).length)
      expect(outcomes).toEqual([])
    })
  })
}

test('parser hashes the raw line as a signed 64-bit integer, with or without its line end', () => {
  const expected = BigInt.asIntN(64, Bun.hash.xxHash64(first))
  for (const end of ['', '\n', '\r\n']) {
    const { operations } = createRunParser().parse(runOf(first + end))
    expect(operations.map(({ line_hash }) => line_hash)).toEqual([expected])
  }
})

test('parser hashes bytes, not text, in a run that is not ASCII', () => {
  const invalid = Buffer.from(first.replace('X11', '\u00ff'), 'latin1')
  const bytes = Buffer.concat([Buffer.from('# üüü\n'), invalid, Buffer.from(`\n${first}`)])
  const { operations, blank } = createRunParser().parse(runOf(bytes))
  expect(blank).toBe(1)
  expect(operations[0]?.user_agent).toBe('Mozilla/5.0 (\ufffd; Linux x86_64)')
  const expected = [invalid, first].map((line) => BigInt.asIntN(64, Bun.hash.xxHash64(line)))
  expect(operations.map(({ line_hash }) => line_hash)).toEqual(expected)
})

test('parser numbers refused lines from the first line of the run and shows no secret of theirs', () => {
  const line = 'GET /x?X-Amz-Signature=abcdef&w=1 \u0007' + 'x'.repeat(600)
  const { refused } = createRunParser().parse({ ...runOf(`${first}\n${line}\n`), first_line: 41 })
  expect(refused).toHaveLength(1)
  expect(refused[0]?.line).toBe(42)
  expect(refused[0]?.excerpt).toStartWith('GET /x?X-Amz-Signature=[redacted]&w=1 \ufffdxxx')
  expect(refused[0]?.excerpt).toHaveLength(512)
})

test('parser keeps #Fields from run to run of one object, and not for the next object', () => {
  const [, , fields, hit] = fixtures.cloudfront
  const parser = createRunParser()
  expect(parser.parse(runOf(fields?.line ?? '')).blank).toBe(1)
  expect(parser.parse(runOf(hit?.line ?? '')).operations).toHaveLength(1)
  expect(createRunParser().parse(runOf(hit?.line ?? '')).refused).toHaveLength(1)
})

test('parser keeps a control character as logged, and shows none in an excerpt', () => {
  const evil = first.replace('X11', 'a\u0000\t\u001b[0m\u007f\rb')
  const { operations } = createRunParser().parse(runOf(evil))
  expect(operations[0]?.user_agent).toBe('Mozilla/5.0 (a\u0000\t\u001b[0m\u007f\rb; Linux x86_64)')
  const { refused } = createRunParser().parse(runOf('a\u0000\u001b[0mb'))
  expect(refused[0]?.excerpt).toBe('a\ufffd\ufffd[0mb')
})

const fields =
  '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type'
const cdn = (cookie: string, status = '200', result = 'Hit'): string =>
  `2026-10-05\t13:55:36\tFRA56\t512\t192.0.2.1\tGET\tphotos.example.com\t/a.jpg\t${status}\t-\tcurl\tlist-type=2\t${cookie}\t${result}`

test('a byte order mark at the head of a log object loses nothing', () => {
  const { operations, refused } = createRunParser().parse(runOf(`\ufeff${fields}\n${cdn('-')}`))
  expect([operations.length, refused]).toEqual([1, []])
})

test.each(['uid=SEKRET', 'uid=SEKRET;%20theme=dark', 'a=1;%20b=SEKRET', 'wordpress_logged_in_1=SEKRET'])(
  'no cookie of a CDN line is shown where the line is, whatever its name: %s',
  (cookie) => {
    const { refused } = createRunParser().parse(runOf(cdn(cookie)))
    expect(refused).toHaveLength(1)
    for (const shown of [refused[0]?.excerpt, redactLine(cdn(cookie))]) {
      expect(shown).not.toContain('SEKRET')
      expect(shown).toContain('list-type=2')
    }
  },
)

test('what the cache did is no error code of a CDN request', () => {
  const of = (status: string, result: string) =>
    createRunParser().parse(runOf(`${fields}\n${cdn('-', status, result)}`)).operations[0]?.error_code
  expect(['Hit', 'Miss', 'RefreshHit', 'Error'].map((result) => of('404', result))).toEqual([
    null,
    null,
    null,
    null,
  ])
  expect([of('503', 'CapacityExceeded'), of('403', 'AccessDenied')]).toEqual([
    'CapacityExceeded',
    'AccessDenied',
  ])
})
