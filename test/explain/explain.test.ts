import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { baselineNames, measureNames } from '../../src/explain/answers.ts'
import type { DimensionName, MeasureName } from '../../src/explain/answers.ts'
import type { Operation } from '../../src/logs/record.ts'
import { networkOf } from '../../src/explain/dimensions.ts'
import { now_ms, openExplainedDemo } from './explained-demo.ts'

setDefaultTimeout(120_000)

const source = 'explain-days'
const demo = await openExplainedDemo(source)
afterAll(demo.store.close)
const { operations, incidents, events, explain, gate } = demo
const hour_ms = 3_600_000

/** What each planted incident is seen by, and what the first line must name. */
const planted: Record<string, { measure: MeasureName; bucket?: string; names: string }> = {
  slow_down: { measure: 'errors_5xx', names: 'come from client 203.0.113.24' },
  forbidden_scan: { measure: 'errors', names: 'come from client 203.0.113.66' },
  mass_delete: {
    measure: 'objects_deleted',
    names: 'come from requester arn:aws:iam::104220117733:user/contractor',
  },
  hotlink: { measure: 'bytes_sent', names: 'come from referer https://forum.hotlinker.example/thread/991' },
  latency_step: { measure: 'slow_requests', names: 'bucket media-assets' },
  silent_hour: { measure: 'requests', names: 'are missing from bucket app-uploads' },
  // One database dump that somebody fetches is more than all that is taken: the bucket is asked about, as the finding does.
  exfiltration: {
    measure: 'bytes_sent',
    bucket: 'app-uploads',
    names: 'come from client 203.0.113.200',
  },
  encryption: { measure: 'requests', names: 'come from client 203.0.113.90' },
}
const incidentOf = (kind: string) => {
  const found = incidents.find((incident) => incident.kind === kind)
  if (!found) throw new Error(`no ${kind}`)
  return found
}

describe.each(Object.entries(planted))('%s', (kind, { names, ...asked }) => {
  test.each(baselineNames)('the first line names the planted cause, against %s', async (baseline) => {
    const { from_ms, to_ms } = incidentOf(kind)
    const { headline, causes, stands_out } = await explain({ from_ms, to_ms, ...asked, baseline })
    expect(headline).toMatch(/^[\d,.]+ ([KMGT]iB )?(of .*)?(more|fewer) /)
    expect(headline).toContain(names)
    expect(stands_out).toBe(true)
    expect(causes[0]?.share_percent).toBeGreaterThan(50)
  })
})

// As the pages ask about health events: within the bucket where something in it is the cause, else about all of them.
test.each([
  ['errors_5xx', 'slow_down', { measure: 'errors_5xx', bucket: 'app-uploads' }],
  ['latency_step', 'latency_step', { measure: 'slow_requests' }],
  ['traffic_zero', 'silent_hour', { measure: 'requests' }],
  ['traffic_spike', 'hotlink', { measure: 'bytes_sent', bucket: 'media-assets' }],
  ['traffic_spike', 'hotlink', { measure: 'requests', bucket: 'media-assets' }],
] as const)('for a health event %s the first line names what was planted: %s', async (_, kind, asked) => {
  const { from_ms, to_ms } = incidentOf(kind)
  const { headline } = await explain({ from_ms, to_ms, format: 's3', ...asked })
  expect(headline).toContain(String(planted[kind]?.names))
})

test('what happens only where the cause is comes folded under it, and what it has in common is told', async () => {
  const { from_ms, to_ms } = incidentOf('slow_down')
  const { headline, causes } = await explain({ from_ms, to_ms, measure: 'errors_5xx' })
  expect(causes).toHaveLength(1)
  const folded = causes[0]?.folded.flatMap(({ terms }) => terms.map(({ dimension }) => dimension))
  expect(folded).toContain('user_agent')
  expect(causes[0]?.within).toContainEqual({
    dimension: 'operation',
    value: 'REST.GET.OBJECT',
    filter: { name: 'operation', value: 'REST.GET.OBJECT' },
    share_percent: 100,
  })
  expect(headline).toContain('REST.GET.OBJECT')
})

// Three hours each, as far from everything planted as the week has them.
const quiet = Array.from({ length: 24 }, (_, at) => now_ms - 94 * hour_ms + at * 3.9 * hour_ms)
  .map((from_ms) => ({ from_ms, to_ms: from_ms + 3 * hour_ms }))
  .filter(({ to_ms }) => to_ms < now_ms - 3 * hour_ms)
  .filter(({ from_ms, to_ms }) =>
    incidents.every((one) => to_ms + 3 * hour_ms < one.from_ms || from_ms - 3 * hour_ms > one.to_ms),
  )
// The traffic of a night is not that of the evening before: only against the same hours it is quiet.
const pairs = measureNames.flatMap((measure) =>
  (measure === 'requests' ? (['week'] as const) : (['week', 'neighbourhood'] as const)).map(
    (baseline) => [measure, baseline] as const,
  ),
)

test.each(pairs)('on two quiet windows nothing stands out: %s against %s', async (measure, baseline) => {
  expect(quiet.length).toBeGreaterThan(4)
  for (const window of quiet) {
    const { headline, causes } = await explain({ ...window, measure, baseline })
    expect([window.from_ms, headline]).toEqual([
      window.from_ms,
      expect.stringMatching(/^(Nothing stands out|There are no)/),
    ])
    expect(causes).toEqual([])
  }
})

const columnOf: Record<DimensionName, (operation: Operation) => string | number | null> = {
  client: (one) => one.remote_ip,
  network: (one) => networkOf(one.remote_ip ?? ''),
  requester: (one) => one.requester,
  bucket: (one) => one.bucket,
  prefix: (one) => one.key_prefix,
  key: (one) => one.key,
  referer: (one) => one.referer,
  user_agent: (one) => one.user_agent,
  operation: (one) => one.operation,
  status: (one) => one.status,
  error_code: (one) => one.error_code,
  edge: (one) => one.edge_location,
  tls_version: (one) => one.tls_version,
}
const weightOf: Record<MeasureName, (one: Operation) => number> = {
  requests: (one) => Number(one.is_request),
  errors: (one) => Number(one.is_request && (one.status ?? 0) >= 400),
  errors_5xx: (one) => Number(one.is_request && (one.status ?? 0) >= 500),
  bytes_sent: (one) => (one.is_request ? one.bytes_sent : 0),
  slow_requests: (one) => Number(one.is_request && (one.total_ms ?? 0) > 300),
  objects_deleted: (one) => Number(one.class === 'delete' && one.key !== null && (one.status ?? 999) < 300),
}

describe.each(baselineNames)('figures against %s', (baseline) => {
  test.each(Object.keys(weightOf) as MeasureName[])('of %s equal a plain loop', async (measure) => {
    // Cuts hours, minutes and seconds, and has a week before it in which the first rows lie.
    const [from_ms, to_ms] = [now_ms - 41.37 * hour_ms, now_ms - 36.21 * hour_ms]
    const format = measure === 'requests' ? 'cdn' : 's3'
    const found = await events({ from_ms, to_ms, measure, baseline, format, threshold_ms: 300 })
    const [first] = found
    if (first?.type !== 'total') throw new Error('the whole comes first')
    const inside = (span: { from: string; to: string }) => (one: Operation) =>
      one.ts / 1000 >= Date.parse(span.from) && one.ts / 1000 < Date.parse(span.to)
    const sum = (own: readonly Operation[]) => own.reduce((total, one) => total + weightOf[measure](one), 0)
    const mine = operations.filter((one) => one.format === format && weightOf[measure](one) > 0)
    const now = mine.filter(inside(first.selection))
    const before = mine.filter((one) => first.baseline.spans.some((span) => inside(span)(one)))
    expect(first.total).toMatchObject({ selection: sum(now), baseline: sum(before) })
    const inSeries = first.total.series.baseline.flat().reduce((total, value) => total + value, 0)
    expect([first.total.series.selection.reduce((total, value) => total + value, 0), inSeries]).toEqual([
      sum(now),
      sum(before),
    ])
    const dimensions = found.flatMap((event) => (event.type === 'dimension' ? [event] : []))
    expect(dimensions.map(({ dimension }) => dimension).toSorted()).toEqual(
      (Object.keys(columnOf) as DimensionName[]).toSorted(),
    )
    for (const { dimension, values } of dimensions) {
      const of = (all: readonly Operation[], value: string | null) =>
        sum(all.filter((one) => (columnOf[dimension](one)?.toString() ?? null) === value))
      for (const one of values)
        expect([dimension, one.value, one.selection, one.baseline]).toEqual([
          dimension,
          one.value,
          of(now, one.value),
          of(before, one.value),
        ])
    }
  })
})

test('what is said of a cause is what its SQL answers, and its series adds up to it', async () => {
  for (const kind of Object.keys(planted)) {
    const { from_ms, to_ms } = incidentOf(kind)
    const { causes, others, total } = await explain({ from_ms, to_ms, measure: planted[kind]?.measure })
    const all = [total, ...causes, ...causes.flatMap(({ folded }) => folded), ...others]
    for (const { sql, selection, baseline, series } of all) {
      const { rows } = await gate.run({ sql, scope: [source], turns_of: 'test', from: '7d' })
      expect([kind, sql, rows]).toEqual([kind, sql, [[selection, baseline]]])
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
      expect([sum(series.selection), sum(series.baseline.flat())]).toEqual([selection, baseline])
    }
  }
})

test('nothing of another log source is counted', async () => {
  const { from_ms, to_ms } = incidentOf('slow_down')
  const own = operations.filter(({ ts }) => ts / 1000 >= from_ms && ts / 1000 < to_ms)
  await demo.put(
    own.map((one) => ({ ...one, remote_ip: '192.0.2.200' })),
    'theirs',
    'explain-theirs',
  )
  await demo.store.visible()
  const before = await explain({ from_ms, to_ms, measure: 'errors_5xx' })
  expect(JSON.stringify(before)).not.toContain('192.0.2.200')
  expect((await explain({ from_ms, to_ms, measure: 'errors_5xx' }, [])).headline).toBe(
    'There are no 5xx responses in either window',
  )
})
