import { expect, test } from 'bun:test'
import { detectorSql } from '../../src/findings/bind-sql.ts'
import { crawlers } from '../../src/findings/detectors/crawlers.ts'
import { hotlinking } from '../../src/findings/detectors/hotlinks.ts'
import { readThresholds } from '../../src/findings/thresholds.ts'

const both = [crawlers, hotlinking]
const sqlOf = (json: string): string =>
  both.map((one) => detectorSql(one, readThresholds(both, json)[one.name] ?? {}, 0, 1)).join('\n')

test('FINDINGS_FILE sets numbers and lists of texts, quoted as SQL', () => {
  const sql = sqlOf(
    '{"crawlers": {"bytes": 7, "also": ["o\'bot"]}, "hotlinking": {"own_sites": ["shop.example.com"]}}',
  )
  expect(sql).toContain("crawler IN ('o''bot')")
  expect(sql).toContain("s.site NOT IN ('shop.example.com')")
  expect(sql).toContain('bytes >= 7')
  expect(sql).toContain("'gptbot'")
})

test('an empty list matches nothing that is there', () => {
  expect(sqlOf('{}')).toContain("s.site NOT IN ('')")
})

test('all that is wrong with a file is told at once', () => {
  const wrong = { crawlers: { also: 'one', names: [''], bites: 1 }, hotlinking: { own: -1 }, hotlink: {} }
  expect(() => readThresholds(both, JSON.stringify(wrong))).toThrow(
    expect.objectContaining({
      message: `Cannot read FINDINGS_FILE: 5 problems
  'hotlink' is no known detector: did you mean 'hotlinking'?
  'bites' is no known threshold of crawlers: did you mean 'bytes'?
  crawlers.names is no list of at most 500 short texts: write ["www.example.com"]
  crawlers.also is no list of at most 500 short texts: write ["www.example.com"]
  hotlinking.own is no number from 0 up: write one such as 20`,
    }) as Error,
  )
})
