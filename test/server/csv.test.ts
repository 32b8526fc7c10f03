import { expect, test } from 'bun:test'
import { parseString } from 'fast-csv'
import { storageEndpoints } from '../../src/api/storage.ts'
import { csvText } from '../../src/csv-text.ts'
import { asCsv, csvResponse } from '../../src/server/csv.ts'

const read = (csv: string): Promise<string[][]> =>
  new Promise((resolve, reject) => {
    const rows: string[][] = []
    parseString<string[], string[]>(csv)
      .on('error', reject)
      .on('data', (row: string[]) => rows.push(row))
      .on('end', () => resolve(rows))
  })

const formulas =
  '=1+1 +1 -1 @SUM(A1) ;=1 ;;=1 "=1 \'=1 ,=1 |=1 \uff1d1 \uff0b1 \uff0d1 \uff20SUM(A1) \u200b=1 \ufeff=1 \u00a0=1 \u3000=1'
    .split(' ')
    .concat(['\t=1', '\r=1', '\n=1', '\tx', ' =1', '  +1', ' \uff1d1', ' ; =1'])
const texts = ['a,b', 'q"uote', 'two\nlines', 'ü', '1=1', '', ' a', '; a', 'a; +http://x', 'a=b@c-d']

test('no cell and no name is a formula, and every other text comes back as it was', async () => {
  const rows = [...formulas, ...texts].map((text) => [text, '|'])
  const response = csvResponse({ columns: formulas, rows })
  const [names, ...cells] = await read(await response.text())
  expect(names).toEqual(formulas.map((text) => `'${withinCell(text)}`))
  expect(cells.map(([cell]) => cell)).toEqual([...formulas.map((text) => `'${withinCell(text)}`), ...texts])
})

// A cell breaks at a semicolon where the comma is the decimal point.
const withinCell = (text: string): string => text.replace(/;(?=[=+@-]| =)/g, ";'")

test('no semicolon within a cell begins a formula', async () => {
  const cells = ['a;=1', 'a;-1', 'a; =1', 'a;b;@x', 'a;\uff1d1']
  const response = csvResponse({ columns: ['a'], rows: cells.map((text) => [text]) })
  expect((await response.text()).split('\r\n').slice(1, -1)).toEqual([
    "a;'=1",
    "a;'-1",
    "a;' =1",
    "a;b;'@x",
    "a;'\uff1d1",
  ])
})

test('the pages write the same CSV as the server', async () => {
  const rows = [...formulas, ...texts].map((text) => [text, -1.5, null, { a: '=1' }])
  const columns = ['=HYPERLINK(1)', 'n', ' =2', '\uff1d3']
  const ofServer = await read(await csvResponse({ columns, rows }).text())
  expect(await read(csvText(columns, rows))).toEqual(ofServer)
})

test('numbers keep their sign, nothing is an empty cell, and times are ISO', async () => {
  const rows = [[-1.5, null, undefined, true, new Date(0), { a: 1 }]]
  const response = csvResponse({ columns: 'abcdef'.split(''), rows, next_cursor: 'more', truncated: true })
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect([response.headers.get('x-next-cursor'), response.headers.get('x-truncated')]).toEqual([
    'more',
    'true',
  ])
  expect(await response.text()).toBe('a,b,c,d,e,f\r\n-1.5,,,true,1970-01-01T00:00:00.000Z,"{""a"":1}"\r\n')
})

test('columns are named even when there are no rows', async () => {
  const answer = { bucket: 'photos', prefix: '', objects: [], next_cursor: null }
  const csv = await asCsv(answer, storageEndpoints['GET /tools/list-all']).text()
  expect(csv).toBe('key,bytes,modified,etag\r\n')
})

test('rows are made as they are read', async () => {
  let made = 0
  function* rows(): Generator<unknown[]> {
    for (; made < 100_000; made++) yield ['x'.repeat(100)]
  }
  const reader = csvResponse({ columns: ['a'], rows: rows() }).body?.getReader()
  await reader?.read()
  expect(made).toBeLessThan(10_000)
  await reader?.cancel()
})
