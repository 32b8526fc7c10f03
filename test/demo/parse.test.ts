import { expect, test } from 'bun:test'
import { createLineCutter } from '../../src/logs/lines.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import { printable } from '../../src/logs/printable.ts'
import type { Operation } from '../../src/logs/record.ts'
import { demoWeek } from './demo-week.ts'

const { objects, truth } = demoWeek({ lines: 40_000 })
const counts = { lines: 0, rows: 0, refused: 0, blank: 0 }
const operations = new Map<string, Operation>()
for (const { text } of objects) {
  const cutter = createLineCutter()
  const parser = createRunParser()
  for (const run of [...cutter.push(Buffer.from(text)), ...cutter.end()]) {
    const parsed = parser.parse(run)
    counts.lines += run.lines
    counts.rows += parsed.operations.length
    counts.refused += parsed.refused.length
    counts.blank += parsed.blank
    for (const operation of parsed.operations)
      operations.set(`${operation.ts} ${operation.line_hash}`, operation)
  }
}
const byGroup = Map.groupBy(operations.values(), ({ format, bucket }) => `${format}/${bucket}`)

test('the parser finds the rows, refused and blank lines that were generated', () => {
  const { lines, rows, repeated, refused, blank, comments } = truth.lines()
  expect(counts).toEqual({ lines, rows: rows + repeated, refused, blank: blank + comments })
  expect(operations.size).toBe(rows)
})

test('every value that the parser reads is the one that was generated', () => {
  expect([...byGroup.keys()].toSorted()).toEqual(
    truth
      .groups()
      .map(({ format, bucket }) => `${format}/${bucket}`)
      .toSorted(),
  )
  for (const group of truth.groups()) {
    const rows = byGroup.get(`${group.format}/${group.bucket}`) ?? []
    const requests = rows.filter(({ is_request }) => is_request)
    const sum = (column: 'bytes_sent' | 'bytes_received') =>
      rows.reduce((total, row) => total + row[column], 0)
    const tally = (some: Operation[], value: (row: Operation) => string | number | null) => {
      const values = some.map(value).filter((one) => one !== null)
      return Object.fromEntries(
        Map.groupBy(values, String)
          .entries()
          .map(([name, { length }]) => [name, length]),
      )
    }
    expect(rows.length).toBe(group.rows)
    expect(requests.length).toBe(group.requests)
    expect(sum('bytes_sent')).toBe(group.bytes_sent)
    expect(sum('bytes_received')).toBe(group.bytes_received)
    expect(tally(rows, ({ operation }) => operation)).toEqual(Object.fromEntries(group.by_operation))
    expect(tally(requests, ({ status }) => status)).toEqual(Object.fromEntries(group.by_status))
    expect(tally(requests, ({ error_code }) => error_code)).toEqual(Object.fromEntries(group.by_error_code))
    // Control characters are not kept.
    expect(tally(requests, ({ key }) => key)).toEqual(
      Object.fromEntries([...group.keys].map(([key, count]) => [printable(key), count])),
    )
    expect(tally(requests, ({ key_prefix }) => key_prefix)).toEqual(Object.fromEntries(group.key_prefixes))
    expect(tally(requests, ({ remote_ip }) => remote_ip)).toEqual(Object.fromEntries(group.remote_ips))
    expect(tally(requests, ({ requester }) => requester)).toEqual(Object.fromEntries(group.requesters))
    expect(tally(requests, ({ user_agent }) => user_agent)).toEqual(Object.fromEntries(group.user_agents))
    expect(tally(requests, ({ referer }) => referer)).toEqual(Object.fromEntries(group.referers))
    expect(tally(requests, ({ ts }) => ts / 1000 - ((ts / 1000) % 3_600_000))).toEqual(
      Object.fromEntries(group.by_hour),
    )
    for (const column of ['total_ms', 'turnaround_ms'] as const) {
      const times = requests.flatMap((row) => row[column] ?? []).toSorted((a, b) => a - b)
      expect(times.length).toBe(group[column].count())
      for (const share of [0, 0.5, 0.9, 0.95, 0.99, 1])
        expect(times[Math.max(0, Math.ceil(share * times.length) - 1)]).toBe(
          group[column].percentile(share) ?? NaN,
        )
    }
  }
})

test('no signature or token of a generated line is kept', () => {
  for (const { request_uri } of operations.values())
    expect(request_uri ?? '').not.toMatch(/(?:Signature|Token|Credential|AWSAccessKeyId)=(?!\[redacted\])/)
})
