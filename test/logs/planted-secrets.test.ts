import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createRunParser } from '../../src/logs/parse.ts'
import { REDACTED, excerptOf, redact, redactKey } from '../../src/logs/redact.ts'
import { startLineKernel } from '../../src/pipeline/line-kernel.ts'
import { createRowMaker, everything } from '../../src/pipeline/rows.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { runOf } from './fixture.ts'
import { lines } from './mutated.ts'
import { harmlessKeys, plantedSecrets } from './planted-secrets.ts'

const plants = plantedSecrets()
const rowBuffer = createRowBuffer()
const makers = [startLineKernel(), null].map((kernel) => createRowMaker('s', rowBuffer, kernel))
const regular = lines[0] ?? ''
const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%2F', '/')
// Columns of one word hold no blanks.
const word = (text: string): string => text.replaceAll(' ', '%20')
const columns: Record<string, (text: string) => string> = {
  request_uri: (text) => regular.replace('/a/b.jpg HTTP', () => `${word(text)} HTTP`),
  referer: (text) => regular.replace('"-"', () => `"${word(text)}"`),
  user_agent: (text) => regular.replace(/Mozilla[^"]*/, () => text),
  key: (text) => {
    const once = encoded(text.replace(/^\/(?!\/)/, ''))
    return regular
      .replace('OBJECT a/b.jpg', () => `OBJECT ${encoded(once)}`)
      .replace('/a/b.jpg', () => `/${once}`)
  },
  host: (text) => regular.replace(/AuthHeader [^ ]+/, () => `AuthHeader ${word(text)}`),
  requester: (text) => regular.replace(' - 0A1B', () => ` ${text} 0A1B`),
  version_id: (text) => regular.replace(/(?<=x86_64\)[^"]*)" -/, () => `" ${word(text)}`),
  error_code: (text) => regular.replace(' 200 - ', () => ` 403 ${word(text)} `),
}

/** The rows of a line by both readers, once the kernel has learned its parts. */
function rowsOf(line: string): string {
  const rows = makers.map((maker) => {
    let text = ''
    for (let i = 0; i < 5; i++) {
      const { ilp } = maker.make(runOf(line), createRunParser(), 'o', everything)
      text = Buffer.from(ilp.bytes).toString()
    }
    return text
  })
  expect(rows[0]).toBe(rows[1])
  return rows[0] ?? ''
}

test('the corpus has over 300 secrets that are all different', () => {
  expect(new Set(plants.map(({ text }) => text)).size).toBe(plants.length)
  expect(plants.length).toBeGreaterThan(300)
})

test.each(Object.keys(columns))('no planted secret reaches a row through %s, by either reader', (column) => {
  const leaked = plants.filter(({ text, secret }) =>
    rowsOf(columns[column]?.(text) ?? secret).includes(secret),
  )
  expect(leaked.map(({ family, text }) => `${family}: ${text}`)).toEqual([])
})

test.each(Object.keys(columns))('every twin of a planted secret stays in %s', (column) => {
  const changed = plants.filter(({ twin }) => {
    const row = rowsOf(columns[column]?.(twin) ?? '')
    return row === '' || row.includes(REDACTED)
  })
  expect(changed.map(({ family, twin }) => `${family}: ${twin}`)).toEqual([])
})

test('no planted secret is shown of a refused line or a raw one, and every twin is', () => {
  for (const { text, secret, twin } of plants) {
    expect(excerptOf(`nonsense ${text}`)).not.toContain(secret)
    expect(redact(twin)).toBe(twin)
    for (const lineOf of Object.values(columns)) expect(redact(lineOf(text))).not.toContain(secret)
  }
})

test('keys that only look like secrets stay, also in the request for them', () => {
  for (const key of harmlessKeys) {
    expect(redactKey(key)).toBe(key)
    expect(redact(`GET /${key} HTTP/1.1`)).toBe(`GET /${key} HTTP/1.1`)
  }
})

test('hostile text of a megabyte is redacted in time that grows with its length alone', () => {
  const pieces = [
    ...'token= token: "token":" "token":[ // //a:b@ Bearer Basic+ %25 %253D = : \\ \\" " [ { @ cookie: a= \'token\': ://'.split(
      ' ',
    ),
    ' ',
    ' : ',
    ': "',
  ]
  for (const piece of pieces)
    for (const text of [piece, `${piece}%`])
      expect(redact(text.repeat(1_000_000 / text.length)).length).toBeGreaterThan(0)
}, 30_000)

test('kernel and careful reader redact the same of any mixture of signs and words in any column', () => {
  const piece = fc.constantFrom(
    ..."token sig Bearer Basic bearer authorization cookie code pass s%69g %73ig a x1 = : %3D %3A %253D & %26 ? ' // @ %40 % %25 61 { , ; + / %20 http:".split(
      ' ',
    ),
    ' ',
  )
  const text = fc.array(piece, { minLength: 1, maxLength: 10 }).map((all) => all.join(''))
  const column = fc.constantFrom(...Object.values(columns))
  fc.assert(
    fc.property(column, text, (lineOf, any) => void rowsOf(lineOf(any))),
    { numRuns: 5_000 },
  )
})
