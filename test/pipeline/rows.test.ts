import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { generate } from '../../src/demo/generate.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import { startLineKernel } from '../../src/pipeline/line-kernel.ts'
import type { Taken } from '../../src/pipeline/line-kernel.ts'
import { createRowMaker, everything } from '../../src/pipeline/rows.ts'
import type { Kept } from '../../src/pipeline/rows.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { readFixtures, runOf } from '../logs/fixture.ts'
import { lines, mutated } from '../logs/mutated.ts'

const kernel = startLineKernel()
if (kernel === null) throw new Error('this machine has no vectors: the kernel cannot be tested')
const rowBuffer = createRowBuffer()
const source = 'fra1/"logs"/'
const logObject = 'access-logs/2026 "a\\b".log'
const fast = createRowMaker(source, rowBuffer, kernel)
const careful = createRowMaker(source, rowBuffer, null)

/** Everything that comes of a run, with its rows as sorted text. */
function made(maker: typeof fast, text: string | Uint8Array, kept: Kept = everything, object = logObject) {
  const { ilp, ...counts } = maker.make(runOf(text), createRunParser(), object, kept)
  const rows = Buffer.from(ilp.bytes).toString('latin1').split('\n').toSorted()
  return { ...counts, text: rows }
}

// What is met for the first time is left, and learned: one part of a line at each showing. There are head, day, operation, connection.
const showings = 5

function expectSame(text: string | Uint8Array, kept?: Kept): ReturnType<typeof made> {
  const expected = made(careful, text, kept)
  for (let i = 0; i < showings; i++) expect(made(fast, text, kept)).toEqual(expected)
  return expected
}

/** How many lines the kernel makes rows of, and how many it leaves. */
function take(text: string): Pick<Taken, 'rows' | 'left_lines'> {
  const origin = originOf(source, logObject)
  for (let i = 1; i < showings; i++) kernel?.take(runOf(text), origin, everything)
  const taken = kernel?.take(runOf(text), origin, everything)
  if (!taken) throw new Error('the kernel did not take the run')
  return { rows: taken.rows, left_lines: taken.left_lines }
}

const regular = lines[0] ?? ''
const [closing = ''] = /(?<=x86_64\)").*/.exec(regular) ?? []

test('kernel and careful reader make the same rows, byte by byte, of a week of every kind of traffic', () => {
  const to_ms = Date.UTC(2026, 7, 28)
  const plan = { seed: 4, from_ms: to_ms - 7 * 86_400_000, to_ms, lines: 20_000, gzip_share: 0 }
  let rows = 0
  let left = 0
  for (const { body } of generate(plan)) {
    for (let at = 0; at < body.length;) {
      const newline = body.indexOf(10, Math.min(at + 100_000, body.length - 1))
      const end = newline === -1 ? body.length : newline + 1
      const part = body.subarray(at, end)
      rows += expectSame(part).rows
      left += take(Buffer.from(part).toString()).left_lines
      at = end
    }
  }
  expect(rows).toBeGreaterThan(19_000)
  expect(left / rows).toBeLessThan(0.25)
})

test('kernel and careful reader make the same of every mutated line', () => {
  fc.assert(
    fc.property(
      fc.array(mutated, { minLength: 1, maxLength: 5 }),
      (some) => void expectSame(some.join('\n')),
    ),
    { numRuns: 5000 },
  )
})

test('kernel and careful reader make the same of any bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(mutated).map((some) => Buffer.from(some.join('\n'), 'latin1')),
    fc.array(fc.tuple(mutated, fc.uint8Array({ maxLength: 6 }), fc.nat(600))).map((some) =>
      Buffer.concat(
        some.flatMap(([line, bytes, at]) => {
          const text = Buffer.from(line)
          return [text.subarray(0, at), bytes, text.subarray(at), Buffer.from('\n')]
        }),
      ),
    ),
  )
  fc.assert(
    fc.property(bytes, (any) => void expectSame(any)),
    { numRuns: 5000 },
  )
})

// Of every column: what is not there, not a word, not a number, too long a number, or the beginning of another column.
const words =
  `- -- -ms 5ms 0 00 007 1234 12345678901 ${'9'.repeat(15)} ${'9'.repeat(16)} 1x x1 -1 1.5 " "" "-" "x" x"y [ [x ] % %20 %2520 + a+b / /x x/ // \\ ` +
  'é ÿ . .. a.b REST REST. REST.GET REST.GET.OBJECT REST.COPY.OBJECT_GET REST.OPTIONS.PREFLIGHT BATCH.DELETE.OBJECT S3.EXPIRE.OBJECT ' +
  'WEBSITE.GET.OBJECT rest.get.object REST.GET.object AIDAX SigV4 SigV9 AuthHeader TLSv1.3 # #Fields: log GET "GET "get "GET/x'
const nasty = ['', '"x y"', '"- -"', '[x y]', ...words.split(' ')]

test('kernel and careful reader make the same of a line of which any word is any other', () => {
  const shapes = ['COPY.OBJECT_GET a/b', 'WEBSITE', 'BATCH', ' S3.'].map((part) =>
    (lines.find((one) => one.includes(part)) ?? '').replace(/%\w+/g, ''),
  )
  const ofCeph = regular.replace('"-" "Moz', 'https://x.example "Moz')
  for (const line of [regular, ofCeph, ...shapes]) {
    const known = line.split(' ')
    for (const at of known.keys()) expectSame(nasty.map((word) => known.with(at, word).join(' ')).join('\n'))
    expectSame(known.map((_, at) => known.toSpliced(at, 1).join(' ')).join('\n'))
  }
})

test('kernel and careful reader make the same of a line that breaks off, though its rest was there before', () => {
  const line = Buffer.from(regular)
  for (let end = 0; end < line.length; end++) {
    take(regular)
    expect(made(fast, line.subarray(0, end))).toEqual(made(careful, line.subarray(0, end)))
  }
})

test('kernel and careful reader make the same of a line that breaks off where another begins', () => {
  for (let end = 0; end <= regular.length; end++)
    for (const between of ['', ' ']) {
      take(regular)
      const text = regular.slice(0, end) + between + regular
      expect(made(fast, text)).toEqual(made(careful, text))
    }
  expect(made(fast, regular + regular)).toMatchObject({ rows: 0, refused: [{ reason: 'two records' }] })
})

test('an operation that is known by its method alone is taken where the request has that method, and left elsewhere', () => {
  const operations = [
    'REST.OPTIONS.PREFLIGHT',
    'WEBSITE.OPTIONS.OBJECT',
    'REST.WHATEVER.OBJECT',
    'REST.OPTIONS',
  ]
  const requests = ['OPTIONS', 'GET', 'PUT', 'OPTION', 'OPTIONSX', 'options', 'WHATEVER']
  for (const operation of operations) {
    for (const method of requests) {
      const line = regular.replace('REST.GET.OBJECT', operation).replace('"GET ', `"${method} `)
      expectSame(line)
      const agrees = operation.includes('.OPTIONS.') && method === 'OPTIONS'
      expect([operation, method, take(line).rows]).toEqual([operation, method, agrees ? 1 : 0])
    }
  }
})

test('kernel and careful reader tell times from what is none', () => {
  const [time = ''] = /(?<=\[)\S+/.exec(regular) ?? []
  const others =
    '06/Apr/2024:24:10:20 06/Apr/2024:23:60:20 06/Apr/2024:16:10:61 06/Apr/2024:16:10:60 06/Apr/2024x16:10:20 ' +
    '06/Apr/2024:16x10:20 06/Apr/2024:16:10x20 06/Apr/2024:1a:10:20 06/Apr/2024:16:10:/0 6/Apr/2024:16:10:20 6/June/2024:16:10:20 ' +
    '31/Feb/2024:16:10:20 01/Jan/1970:00:00:00 31/Dec/1969:23:59:59 31/Dec/2199:23:59:59 01/Jan/2200:00:00:00 06/Foo/2024:16:10:20'
  for (const other of others.split(' ')) expectSame(regular.replace(time, other))
  for (const zone of ['+0100]', '-0000]', '+0000', '+0000]x', '0000]'])
    expectSame(regular.replace('+0000]', zone))
})

test('kernel and careful reader hide the same parameters', () => {
  const names =
    'X-Amz-Signature x-amz-security-token AWSAccessKeyId X-Amz-Credential secret passw passphrase pwd api_key authorization jwt sig auth ' +
    'prefix list-type pass%77d uploads'
  const values = 'x a%2Fb %3Ftoken%3Dabc a?sig=b a;auth=b a#jwt=b a=b secret %26passphrase%3Dx'
  const name = fc.oneof(fc.constantFrom(...names.split(' ')), fc.stringMatching(/^[A-Za-z_%?;#-]{0,12}$/))
  const value = fc.oneof(
    fc.constantFrom('', ...values.split(' ')),
    fc.stringMatching(/^[A-Za-z0-9%=?;#-]{0,12}$/),
  )
  const pair = fc.tuple(name, value).map(([a, b]) => `${a}=${b}`)
  const query = fc.array(fc.oneof(pair, name), { maxLength: 5 }).map((all) => all.join('&'))
  const path = fc.constantFrom('/a', '/a/token', '/a&sig=x', '/a;passw=1&auth=2', '/%3Fpassphrase%3Dx')
  const version = fc.constantFrom('HTTP/1.1', 'HTTP/1.1?sig=abc', 'x&token=1', '&pwd=2')
  const separator = fc.constantFrom('?', '?', '%3F', '')
  fc.assert(
    fc.property(path, separator, query, version, query, (path, separator, query, version, referer) => {
      expectSame(
        regular
          .replace('/a/b.jpg HTTP/1.1', () => `${path}${separator}${query} ${version}`)
          .replace('"-"', () => `"https://x.example/${separator}${referer}"`),
      )
    }),
    { numRuns: 10_000 },
  )
})

describe('kernel takes a line', () => {
  test.each([
    ['of the regular shape', regular],
    ['with a quote in the user agent', regular.replace('Mozilla', 'Moz"illa')],
    ['with a backslash in the user agent', regular.replace('Mozilla', 'Moz\\illa')],
    ['with letters beyond ASCII in the user agent', regular.replace('Mozilla', 'Büro 日本語 🎬')],
    ['with quotes in the referer', regular.replace('"-"', '"https://x.example/?q="a"&b=c"')],
    ['with a signed address', regular.replace('/a/b.jpg', '/a/b.jpg?X-Amz-Date=1&X-Amz-Signature=abc')],
    [
      'with spaces in the requester',
      regular.replace(' - 0A1B', ' arn:aws:iam::cloudfront:user/Origin Identity E2 0A1B'),
    ],
    ['with a quote behind the user agent', regular.replace(closing, ' v" h - - - - -')],
    ['that ends in a carriage return', `${regular}\r\n`],
  ])('%s', (_, line) => {
    expect(take(line)).toEqual({ rows: 1, left_lines: 0 })
    expectSame(line)
  })
})

test.each([
  ['an operation where the address stands', regular.replace('203.0.113.9', 'REST.GET.OBJECT')],
  [
    'a second time where the requester stands',
    regular.replace(' - 0A1B2C3D4E5F6071', ' [06/Apr/2024:16:10:20 +0000]'),
  ],
  ['a second time in the URI', regular.replace('/a/b.jpg HTTP/1.1', '[06/Apr/2024:16:10:20 +0000]')],
  [
    'a second time at the end of the URI',
    regular.replace('/a/b.jpg HTTP/1.1', '/a b [06/Apr/2024:16:10:20 +0000] c'),
  ],
  ['a user agent that has no end', regular.replace(/"Moz[^"]*" /, '" ')],
  ['a quoted referer that goes on', regular.replace('"-" "', '"-"x"')],
  ['a status of two digits', regular.replace(' 200 ', ' 20 ')],
  ['a status of four digits', regular.replace(' 200 ', ' 2000 ')],
  [
    'a word that reads like an operation before it',
    regular.replace('REST.GET.OBJECT a/b.jpg', 'list REST.GET.OBJECT'),
  ],
  [
    'spaces in the requester and an operation in small letters',
    regular.replace(' - 0A1B', ' a b 0A1B').replace('REST.GET.OBJECT', 'REST.GET.object'),
  ],
  [
    'numbers out of range before others',
    regular.replace(' 3400 31 29 ', ` ${'9'.repeat(17)} 31 29 "x" 200 - 1 1 1 1 `),
  ],
])('kernel leaves alone a line with %s', (_, line) => {
  expect(line).not.toBe(regular)
  expect(take(line)).toEqual({ rows: 0, left_lines: 1 })
  expectSame(line)
})

test('numbers that something else than a space keeps apart are guessed by neither', () => {
  const numbers = '200 - 1200 3400 31 29'
  const line = lines.find((one) => one.includes(` ${numbers} `))
  if (line === undefined) throw new Error('no fixture has these numbers')
  for (const separator of ['&', '-', 'x', '.', '\t', '0&'])
    for (let at = numbers.indexOf(' '); at !== -1; at = numbers.indexOf(' ', at + 1)) {
      const glued = numbers.slice(0, at) + separator + numbers.slice(at + 1)
      expect(expectSame(line.replace(numbers, glued)).rows).toBe(0)
    }
})

test.each([
  ['a key that is encoded', regular.replaceAll('a/b.jpg', 'a%2520b.jpg')],
  ['a number with zeros in front', regular.replace(' 1200 ', ' 01200 ')],
  ['a time zone', regular.replace('+0000', '+0200')],
  ['two spaces', regular.replace(' 200 ', '  200 ')],
  ['bytes that are no UTF-8', regular.replace('Mozilla', 'Moz\u{fffd}').replace('\u{fffd}', 'illa\u0000')],
  ['a tab', regular.replace('Mozilla', 'Moz\tilla')],
  [
    'a parameter that may be a secret in disguise',
    regular.replace('/a/b.jpg', '/a/b.jpg?next=%3Ftoken%3Dabc'),
  ],
])('kernel leaves %s to the careful reader', (_, line) => {
  expect(line).not.toBe(regular)
  expect(take(line)).toEqual({ rows: 0, left_lines: 1 })
  expectSame(line)
})

test('bytes that are no UTF-8 are left, and stored as the careful reader decodes them', () => {
  for (const bad of [
    [0xc0, 0x80],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xff],
    [0xe2, 0x82],
  ]) {
    const [before = '', after = ''] = regular.split('Mozilla')
    const line = Buffer.concat([Buffer.from(before), Uint8Array.from(bad), Buffer.from(after)])
    const { text } = expectSame(line)
    expect(Buffer.from(text.join('\n'), 'latin1').toString()).toContain('\ufffd')
  }
})

test('records from before the time are counted, and no rows', () => {
  const [older, newer] = [regular, regular.replace('06/Apr/2024:16:10:20', '01/Jan/2025:00:00:00')]
  const from_us = Date.UTC(2025, 0, 1) * 1000
  const { rows, expired, oldest_us, newest_us, text } = expectSame(`${older}\n${newer}\n${older}`, {
    ...everything,
    from_us,
  })
  expect({ rows, expired, oldest_us }).toEqual({ rows: 1, expired: 2, oldest_us: newest_us })
  expect(text.filter(Boolean)).toHaveLength(1)
})

test('records from after the time are refused, and no rows', () => {
  const later = regular.replace('06/Apr/2024:16:10:20', '06/Apr/2150:16:10:20')
  const to_us = Date.UTC(2024, 3, 7) * 1000
  const { rows, refused, newest_us, text } = expectSame(`${later}\n${regular}\n${later}`, {
    ...everything,
    to_us,
  })
  expect(refused).toMatchObject([1, 3].map((line) => ({ line, reason: 'time in the future' })))
  expect({ rows, newest_us }).toEqual({ rows: 1, newest_us: Date.UTC(2024, 3, 6, 16, 10, 20) * 1000 })
  expect(text.filter(Boolean)).toHaveLength(1)
})

test('a refused line is named by its number in the log object, whichever lines the kernel took before it', () => {
  const run = { ...runOf([regular, 'nonsense', regular, '', 'x'].join('\n')), first_line: 41 }
  for (const maker of [fast, careful]) {
    const { refused, rows, blank } = maker.make(run, createRunParser(), logObject, everything)
    expect({ lines: refused.map(({ line }) => line), rows, blank }).toEqual({
      lines: [42, 45],
      rows: 2,
      blank: 1,
    })
  }
})

test('kernel learns anew when more kinds of lines come than it keeps', () => {
  // Twenty thousand buckets, hosts and parameters are several times what it has room for.
  for (let from = 0; from < 20_000; from += 200) {
    const some = Array.from({ length: 200 }, (_, i) =>
      regular
        .replace(/ [a-z0-9-]+ \[/, ` bucket-${'x'.repeat(200)}${from + i} [`)
        .replace('/a/b.jpg', `/a/b.jpg?p${from + i}=1`),
    )
    expectSame(some.join('\n'))
  }
  expect(take(regular).rows).toBe(1)
})

test("a run, a log object or a line that is too long for the kernel is the careful reader's", () => {
  const origin = originOf(source, logObject)
  expect(kernel.take(runOf('x\n'.repeat(5_000)), origin, everything)).toBeNull()
  expect(kernel.take(runOf('x'.repeat(300_000)), origin, everything)).toBeNull()
  expect(kernel.take(runOf(regular), originOf(source, 'o'.repeat(9_000)), everything)).toBeNull()
  for (const long of [60_000, 65_000])
    for (const line of [
      regular.replace('Mozilla', '"'.repeat(long)),
      regular.replace('/b.jpg ', `/${'b'.repeat(long)} `),
    ]) {
      expectSame([line, line, line, regular].join('\n'))
    }
})

test("rows that are longer than the kernel has room for are the careful reader's", () => {
  const object = 'o'.repeat(8_000)
  const many = `${regular}\n`.repeat(700)
  for (let i = 0; i < showings; i++)
    expect(made(fast, many, everything, object)).toEqual(made(careful, many, everything, object))
})

test('every fixture gives the same row by the kernel and by the careful reader', async () => {
  for (const { line } of [...(await readFixtures('s3')), ...(await readFixtures('cloudfront'))])
    expectSame(line)
  expectSame(lines.join('\n'))
})

test('kernel.wasm is what kernel/ compiles to', async () => {
  const root = join(import.meta.dir, '../..')
  const dir = mkdtempSync(join(tmpdir(), 'spacewatch-kernel-'))
  try {
    const outFile = join(dir, 'kernel.wasm')
    const config = 'src/pipeline/kernel/asconfig.json'
    const compiler = Bun.resolveSync('assemblyscript/bin/asc.js', root)
    const compiling = Bun.spawn([process.execPath, compiler, '--config', config, '--outFile', outFile], {
      cwd: root,
      stderr: 'pipe',
    })
    expect(await compiling.stderr.text()).toBe('')
    const committed = readFileSync(join(root, 'src/pipeline/kernel/kernel.wasm'))
    expect(readFileSync(outFile).equals(committed)).toBe(true)
  } finally {
    rmSync(dir, { recursive: true })
  }
}, 60_000)
