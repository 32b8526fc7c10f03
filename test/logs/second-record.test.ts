import { expect, test } from 'bun:test'
import { createRunParser } from '../../src/logs/parse.ts'
import { s3LogLine } from '../support/s3-log-line.ts'
import { runOf } from './fixture.ts'

const at_ms = Date.UTC(2026, 9, 5, 13, 55, 36)
const one = s3LogLine({ bucket: 'photos', key: 'a.jpg', at_ms })
const other = s3LogLine({ bucket: 'films', key: 'b c.mp4', at_ms: at_ms + 1_000, user_agent: 'a [b] "c"' })
const batch = s3LogLine({ bucket: 'films', key: 'd.mp4', at_ms, operation: 'BATCH.DELETE.OBJECT' })
const journal = 'owner films [05/Oct/2026:13:55:36 +0000] REST.PUT.OBJECT e.mp4 12 - etag'

const parse = (text: string) => createRunParser().parse(runOf(text))

test.each([
  ['glued', one + other],
  ['with a blank between', `${one} ${other}`],
  ['with a tab between', `${one}\t${other}`],
  ['with a lone CR between', `${one}\r${other}`],
  ['ten with lone CRs', Array.from({ length: 10 }, () => one).join('\r')],
  ['behind a batch record', `${batch}${one}`],
  ['a batch record behind', `${one}${batch}`],
  ['behind a journal record', `${journal} ${one}`],
  ['a journal record behind', `${one} ${journal}`],
  ['three', one + other + one],
])('a line that holds more than one record is refused and never one row: %s', (_, text) => {
  const { operations, refused } = parse(text)
  expect(operations).toEqual([])
  expect(refused.map(({ reason }) => reason)).toEqual(['two records'])
})

test('a record that is torn anywhere behind its time and followed by another is never one row', () => {
  for (const torn of [one, batch, other]) {
    for (let end = torn.indexOf(']') + 2; end < torn.length; end++) {
      const { operations, refused, blank } = parse(torn.slice(0, end) + other)
      expect([operations.length, refused.length, blank, torn.slice(0, end)]).toEqual([
        0,
        1,
        0,
        torn.slice(0, end),
      ])
    }
  }
})

test('a line of a CDN log that holds another record, glued or behind a sign, is refused wherever the first is torn', () => {
  const fields = '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status'
  const record = '2026-10-05\t13:55:36\tFRA56\t512\t192.0.2.1\tGET\tphotos.example.com\t/a.jpg\t200'
  expect(parse(`${fields}\n${record}`).operations).toHaveLength(1)
  for (const between of ['', ' ', '\t', '\r']) {
    for (let end = 1; end <= record.length; end++) {
      const { operations, refused } = parse(`${fields}\n${record.slice(0, end)}${between}${record}`)
      expect([operations.length, refused.length, between, end]).toEqual([0, 1, between, end])
    }
  }
})

test('a record behind whose end another begins, and breaks off behind its time, is refused', () => {
  const begun = other.slice(0, other.indexOf(']') + 1)
  for (const text of [one + begun, `${one} ${begun}`, batch + begun])
    expect(parse(text).refused.map(({ reason }) => reason)).toEqual(['two records'])
})

test.each([
  ['a comment', `# ${one}`],
  ['a comment and a CR', `#x\r${one}`],
  ['a banner', `log starts ${one}`],
  ['#Fields and a CR', '#Fields: date time cs-method sc-status\r2026-10-05\t13:55:36\tGET\t200'],
])('a record behind %s is refused and not taken for a blank line', (_, text) => {
  const { operations, refused, blank } = parse(text)
  expect([operations, blank]).toEqual([[], 0])
  expect(refused.map(({ reason }) => reason)).toEqual(['record in a comment'])
})

test.each(['# a comment [of 2026]', '#Version: 1.0', 'log starts here', ''])('%p is a comment', (text) => {
  expect(parse(`${text}\n`)).toMatchObject({ refused: [], blank: 1 })
})

test.each([
  '[05/Oct/2026:13:55:36 +0000]',
  'x [05/Oct/2026:13:55:36 +0000] y',
  'REST.GET.OBJECT [05/Oct/2026:13:55:36 +0000]',
  '[not a time] REST.GET.OBJECT x',
])('a User-Agent or Referer that holds %s is part of its record', (text) => {
  for (const part of [{ user_agent: text }, { referer: text }]) {
    const { operations, refused } = parse(s3LogLine({ bucket: 'photos', key: 'a', at_ms, ...part }))
    expect(refused).toEqual([])
    expect(operations).toMatchObject([part])
  }
})
