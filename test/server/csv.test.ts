import { expect, test } from 'bun:test'
import { parseString } from 'fast-csv'
import { csvResponse, rowsOf } from '../../src/server/csv.ts'

const read = (csv: string): Promise<string[][]> =>
  new Promise((resolve, reject) => {
    const rows: string[][] = []
    parseString<string[], string[]>(csv)
      .on('error', reject)
      .on('data', (row: string[]) => rows.push(row))
      .on('end', () => resolve(rows))
  })

test('no cell is a formula, and every other text comes back as it was', async () => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1']
  const texts = ['a,b', 'q"uote', 'two\nlines', 'ü', '1=1', '', ' =1']
  const response = csvResponse({
    columns: ['a', 'b'],
    rows: [...formulas, ...texts].map((text) => [text, '|']),
  })
  const [, ...rows] = await read(await response.text())
  expect(rows.map(([cell]) => cell)).toEqual([...formulas.map((text) => `'${text}`), ...texts])
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
  const rows = rowsOf(['key', 'bytes'], [] as { key: string; bytes: number }[])
  expect(await csvResponse({ columns: ['key', 'bytes'], rows }).text()).toBe('key,bytes\r\n')
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
