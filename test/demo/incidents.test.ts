import { expect, test } from 'bun:test'
import type { IncidentKind } from '../../src/demo/incidents.ts'
import { demoWeek, WEEK } from './demo-week.ts'

const { lines, truth } = demoWeek({ lines: 50_000 })
const records = [...new Set(lines)].flatMap((line) => {
  const [, bucket, day, clock, ip] =
    /^[0-9a-f]{64} (\S+) \[(\d\d)\/Aug\/2026:(\S+) \+0000\] (\S+)/.exec(line) ?? []
  return bucket === undefined ? [] : [{ line, bucket, ip, at_ms: Date.parse(`2026-08-${day}T${clock}Z`) }]
})
const incident = (kind: IncidentKind) => {
  const found = truth.incidents().find((one) => one.kind === kind)
  if (!found) throw new Error(`no ${kind}`)
  const { from_ms, to_ms, bucket } = found
  return {
    ...found,
    within: records.filter(
      (record) => record.bucket === bucket && record.at_ms >= from_ms && record.at_ms < to_ms,
    ),
  }
}

test('slow_down: one IP gets 503 and nothing else, within its window', () => {
  const { within, remote_ip, rows, requests, errors } = incident('slow_down')
  const burst = records.filter(({ ip }) => ip === remote_ip)
  expect(burst.length).toBe(400)
  expect([rows, requests, errors]).toEqual([400, 400, 400])
  for (const record of burst) {
    expect(record.line).toInclude(' 503 SlowDown ')
    expect(within).toContain(record)
  }
})

test('forbidden_scan: one IP is denied another key each time', () => {
  const { remote_ip, rows, keys } = incident('forbidden_scan')
  const scan = records.filter(({ ip }) => ip === remote_ip)
  expect(scan.length).toBe(rows)
  expect(scan.every(({ line }) => line.includes(' 403 AccessDenied '))).toBe(true)
  expect(keys).toBe(rows)
})

test('mass_delete: one requester deletes under one prefix by multi-object deletes', () => {
  const { requester, key_prefix, rows, requests, keys } = incident('mass_delete')
  const deletes = records.filter(({ line }) => line.includes(` ${requester} `))
  expect(deletes.length).toBe(rows)
  const batch = deletes.filter(({ line }) => line.includes(` BATCH.DELETE.OBJECT ${key_prefix}/`))
  expect(batch.length).toBe(keys)
  expect(deletes.filter(({ line }) => line.includes('MULTI_OBJECT_DELETE')).length).toBe(requests)
  expect(batch.length + requests).toBe(rows)
})

test('hotlink: a foreign referer takes more bytes than the rest of its bucket at that time', () => {
  const { referer, within, rows, bytes_sent } = incident('hotlink')
  const sent = (line: string) => Number(/" 20\d - (\d+) /.exec(line)?.[1] ?? 0)
  const hot = records.filter(({ line }) => line.includes(`"${referer}"`))
  expect(hot.length).toBe(rows)
  expect(hot.reduce((sum, { line }) => sum + sent(line), 0)).toBe(bytes_sent)
  const rest = within.filter((record) => !hot.includes(record)).reduce((sum, { line }) => sum + sent(line), 0)
  expect(bytes_sent).toBeGreaterThan(rest * 3)
})

test('encryption: one requester reads objects and writes each again, a little larger', () => {
  const { remote_ip, requester, rows, keys } = incident('encryption')
  const lines = records.filter(({ ip }) => ip === remote_ip).map(({ line }) => line)
  expect(lines.length).toBe(rows)
  expect(lines.every((line) => line.includes(` ${requester} `) && line.includes('/avatars/'))).toBe(true)
  const sizes = (operation: string) =>
    new Map(
      lines.flatMap((line) => {
        const [, key = '', size] = / (\S+) "[^"]+" 200 - \S+ (\d+) /.exec(line) ?? []
        return line.includes(` ${operation} `) ? [[key, Number(size)] as const] : []
      }),
    )
  const [read, written] = [sizes('REST.GET.OBJECT'), sizes('REST.PUT.OBJECT')]
  expect(read.size).toBe(keys)
  expect(written.size).toBeGreaterThanOrEqual(keys - 2)
  for (const [key, size] of written) expect(size).toBe((read.get(key) ?? 0) + 48)
})

test('exfiltration: a known key reads many objects from an address of nobody', () => {
  const { remote_ip, requester, rows, keys, bytes_sent } = incident('exfiltration')
  const copied = records.filter(({ ip }) => ip === remote_ip)
  expect(copied.length).toBe(rows)
  expect(copied.every(({ line }) => line.includes(` ${requester} `) && line.includes(' 200 '))).toBe(true)
  expect(keys).toBeGreaterThan(rows / 2)
  expect(bytes_sent).toBeGreaterThan(rows * 100_000)
})

test('made_public: a policy is set, and a listing without a key follows', () => {
  const { remote_ip, requester, bucket, within, rows } = incident('made_public')
  const policy = within.filter(({ line }) => line.includes(' REST.PUT.BUCKETPOLICY '))
  expect(policy.map(({ line }) => line.includes(` ${requester} `))).toEqual([true])
  const strange = records.filter(({ ip }) => ip === remote_ip)
  expect(strange.length).toBe(rows - 1)
  for (const { line } of strange)
    expect(line).toMatch(new RegExp(` ${bucket} .* - \\S+ REST\\.GET\\.BUCKET `))
})

test('latency_step: the median within is about five times the one before', () => {
  const { within, bucket, from_ms, requests } = incident('latency_step')
  const before = records.filter(
    (record) =>
      record.bucket === bucket && record.at_ms < from_ms && record.at_ms >= from_ms - 20 * 3_600_000,
  )
  const median = (some: typeof records) => {
    const times = some
      .flatMap(({ line }) => Number(/" \d{3} \S+ \S+ \S+ (\d+) /.exec(line)?.[1] ?? []))
      .toSorted((a, b) => a - b)
    return times[times.length >> 1] ?? 0
  }
  expect(median(within) / median(before)).toBeWithin(3.5, 6.5)
  expect(within.filter(({ line }) => !/ BATCH\.| S3\.|_GET /.test(line)).length).toBe(requests)
})

test('silent_hour: a whole hour without a record, in a bucket that is busy before and after', () => {
  const { from_ms, to_ms, bucket, within, rows } = incident('silent_hour')
  expect(to_ms - from_ms).toBe(3_600_000)
  expect(from_ms % 3_600_000).toBe(0)
  expect(within).toEqual([])
  expect(rows).toBe(0)
  for (const start_ms of [from_ms - 3_600_000, to_ms]) {
    expect(
      records.filter(
        (record) =>
          record.bucket === bucket && record.at_ms >= start_ms && record.at_ms < start_ms + 3_600_000,
      ).length,
    ).toBeGreaterThan(15)
  }
})

test('incidents lie in the window, three of them in its last 48 hours', () => {
  const all = truth.incidents()
  expect(all.length).toBe(9)
  for (const { from_ms, to_ms } of all) {
    expect(from_ms).toBeGreaterThan(WEEK.from_ms)
    expect(to_ms).toBeLessThanOrEqual(WEEK.to_ms)
  }
  expect(all.filter(({ from_ms }) => from_ms > WEEK.to_ms - 48 * 3_600_000).length).toBeGreaterThanOrEqual(3)
})

test('incidents fit into a window of an hour, and can be left out', () => {
  const hour = demoWeek({ from_ms: WEEK.to_ms - 3_600_000, lines: 5000 })
  for (const { from_ms, to_ms } of hour.truth.incidents())
    expect(from_ms >= WEEK.to_ms - 3_600_000 && to_ms <= WEEK.to_ms).toBe(true)
  expect(demoWeek({ incidents: false, lines: 1000 }).truth.incidents()).toEqual([])
})
