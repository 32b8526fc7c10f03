import { expect, test } from 'bun:test'
import { createEvidence } from '../../src/agent/evidence.ts'
import { prove } from '../../src/agent/proof.ts'

const columns = [
  { name: 'ts', type: 'TIMESTAMP' },
  { name: 'remote_ip', type: 'VARCHAR' },
  { name: 'requests', type: 'LONG', unit: 'Count' as const },
  { name: 'bytes', type: 'LONG', unit: 'Bytes' as const },
  { name: 'error_rate', type: 'DOUBLE', unit: 'Percent' as const },
  { name: 'p95', type: 'LONG', unit: 'Milliseconds' as const },
]
const evidence = [
  createEvidence(
    'e1',
    { tool: 'query_metric', arguments: { from: '24h', limit: 10 } },
    {
      columns,
      rows: [
        ['2026-11-20T10:00:00.000000Z', '203.0.113.7', 79_123, 1_610_612_736, 12.3456, 2_345],
        ['2026-11-21T10:30:00.000000Z', '198.51.100.9', 877, 5, 0.5, 90_000],
      ],
      coverage: {
        window: { from: '2026-11-20T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z', step_seconds: 3600 },
        compared_with: null,
        newest_event: '2026-11-21T10:30:00.000000Z',
        objects_pending: 4,
        listing_complete: true,
        lines_refused: 0,
        objects_refused: 0,
        approximate: false,
        counts_short_by: null,
        notes: [],
      },
    },
  ),
]
const unproven = (text: string) => prove(text, { evidence, said: 'Which of the 25 buckets?' }).proof.unproven

test.each([
  'There were 79,123 requests.',
  'There were 79123 requests',
  'about 79,000 requests, over 79,100',
  'over 79.1k requests',
  'In all 80,000 requests',
  '1.61 GB, 1.5 GiB, 1,610.6 MB or 1,610,612,736 bytes',
  'an error rate of 12.3 % (12.35%, 12 percent)',
  'p95 was 2.3 s (2,345 ms), 90 s at most, that is 1.5 minutes',
  'from `203.0.113.7` on 2026-11-20 at 10:00, and 2026-11-21T10:30',
  'On 20 November 2026 and November 21',
  'the last 24 hours, 3 days, 72 h, a step of 1 hour',
  'the first 10 of 2 rows; 4 log objects pending; 25 buckets',
  '1. first\n2. second\n  3) third',
  'S3 answered 4xx to GET in p95, see e1 and img/0001.jpg, REST.GET.OBJECT, TLSv1.3',
  'between 877-79,123 requests',
])('proven: %s', (text) => {
  expect(unproven(text)).toEqual([])
})

test.each([
  ['There were 79,124 requests', '79,124'],
  ['There were 79,000 requests', '79,000'],
  ['about 81,000 requests', '81,000'],
  ['1.62 GB', '1.62'],
  ['12.4 %', '12.4'],
  ['2.4 s', '2.4'],
  ['1.61 requests', '1.61'],
  ['from 203.0.113.8', '203.0.113.8'],
  ['on 2026-11-22', '2026-11-22'],
  ['at 11:00', '11:00'],
  ['on 19 November', '19'],
  ['7 buckets', '7'],
  ['**1234**', '1234'],
  ['`1234`', '1234'],
  ['877-900', '877-900'],
  ['rose by 5,000%', '5,000%'],
])('unproven: %s', (text, figure) => {
  expect(unproven(text)).toEqual([figure])
  expect(prove(text, { evidence, said: '' }).text).toContain(`${figure} (unproven)`)
})

test('without evidence no figure is proven', () => {
  expect(prove('There were 12 requests.', { evidence: [], said: '' })).toEqual({
    text: 'There were 12 (unproven) requests.',
    proof: { figures: 1, unproven: ['12'] },
  })
})
