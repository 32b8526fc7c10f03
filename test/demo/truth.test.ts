import { expect, test } from 'bun:test'
import { demoWeek } from './demo-week.ts'

// A second count, made from the lines: enough of a reader for what is generated here.
const NUMBERS = / (\d{3}|-) (\S+) (\d+|-) (\d+|-) (\d+|-) (\d+|-) (?:"|- - )/
const { objects, truth } = demoWeek({ lines: 30_000 })
const seen = new Set<string>()
interface Recount {
  rows: number
  requests: number
  bytes_sent: number
  by_status: Map<string, number>
  total_ms: number[]
}
const recount = new Map<string, Recount>()
let repeated = 0
let noise = 0

for (const { text } of objects) {
  let fields: string[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.startsWith('#Fields: ')) fields = line.slice(9).split(' ')
    const record =
      line.startsWith('#') || line === ''
        ? 'none'
        : line.includes('\t')
          ? cdnRecord(line, fields)
          : s3Record(line)
    if (record === 'none') continue
    if (record === null) noise++
    else if (seen.has(line)) repeated++
    else {
      seen.add(line)
      const empty: Recount = { rows: 0, requests: 0, bytes_sent: 0, by_status: new Map(), total_ms: [] }
      const group = recount.get(record.name) ?? empty
      recount.set(record.name, group)
      group.rows++
      group.bytes_sent += record.bytes_sent
      if (record.is_request) {
        group.requests++
        if (/^[1-9]/.test(record.status))
          group.by_status.set(record.status, (group.by_status.get(record.status) ?? 0) + 1)
        group.total_ms.push(record.total_ms)
      }
    }
  }
}

function s3Record(line: string) {
  const head =
    /^\S+ (\S+) \[\d\d\/Aug\/2026:\S+ \+0000\] [^"[]*? (REST\.\w+\.\w+|WEBSITE\.\S+|BATCH\.\S+|S3\.\S+) /.exec(
      line,
    )
  const numbers = NUMBERS.exec(line)
  if (!head || !numbers) return null
  const [, bucket, operation = ''] = head
  const [, status = '', , bytes, , total] = numbers
  const is_request = !/^(BATCH|S3)\.|_GET$/.test(operation)
  return {
    name: `s3/${bucket}`,
    is_request,
    status,
    bytes_sent: bytes === '-' ? 0 : Number(bytes),
    total_ms: Number(total),
  }
}

function cdnRecord(line: string, fields: string[]) {
  const values = line.split('\t')
  const value = (name: string) => values[fields.indexOf(name)] ?? ''
  if (values.length !== fields.length || value('date').startsWith('2026-13')) return null
  const bucket = value('cs(Host)').split('.')[0]
  return {
    name: `cdn/${bucket}`,
    is_request: true,
    status: value('sc-status'),
    bytes_sent: Number(value('sc-bytes')),
    total_ms: Math.round(Number(value('time-taken')) * 1000),
  }
}

test('truth agrees with a count of the lines', () => {
  const { refused, rows } = truth.lines()
  expect(refused).toBe(noise)
  expect(truth.lines().repeated).toBe(repeated)
  expect(seen.size).toBe(rows)
  const told = truth
    .groups()
    .map(
      ({ format, bucket, rows, requests, bytes_sent, by_status }) =>
        [`${format}/${bucket}`, { rows, requests, bytes_sent, by_status: sorted(by_status) }] as const,
    )
  const counted = [...recount].map(
    ([name, { rows, requests, bytes_sent, by_status }]) =>
      [name, { rows, requests, bytes_sent, by_status: sorted(by_status) }] as const,
  )
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(counted))
})

test('percentiles are the nearest rank of all times', () => {
  for (const { format, bucket, total_ms } of truth.groups()) {
    const times = (recount.get(`${format}/${bucket}`)?.total_ms ?? []).toSorted((a, b) => a - b)
    for (const share of [0.5, 0.9, 0.95, 0.99])
      expect(total_ms.percentile(share)).toBe(times[Math.ceil(share * times.length) - 1] ?? NaN)
    expect(total_ms.count()).toBe(times.length)
    expect(total_ms.sum()).toBe(times.reduce((sum, time) => sum + time, 0))
  }
})

test('lines = rows + repeated + refused + blank + comments', () => {
  const { lines, rows, repeated, refused, blank, comments } = truth.lines()
  expect(lines).toBe(30_000)
  expect(rows + repeated + refused + blank + comments).toBe(30_000)
  expect(refused).toBeGreaterThanOrEqual(4)
  expect(blank).toBeGreaterThanOrEqual(2)
})

function sorted(counts: Map<string, number>) {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
