import { expect, test } from 'bun:test'
import { parseWindow } from '../../src/metrics/window.ts'

const now_ms = Date.parse('2026-10-05T14:30:15.250Z')
const hour = 3_600_000

test.each([
  ['2026-10-05T10:00:00Z', '2026-10-05T10:00:00Z'],
  ['2026-10-05T10:00', '2026-10-05T10:00:00Z'],
  ['2026-10-05 10:00:00.5', '2026-10-05T10:00:00.500Z'],
  ['2026-10-05T12:00:00+02:00', '2026-10-05T10:00:00Z'],
  ['2026-10-05', '2026-10-05T00:00:00Z'],
  ['1791190800000', '2026-10-05T09:00:00Z'],
  ['now-6h', '2026-10-05T08:30:15.250Z'],
  ['6h', '2026-10-05T08:30:15.250Z'],
  ['90s', '2026-10-05T14:28:45.250Z'],
  ['2w', '2026-09-21T14:30:15.250Z'],
])('from=%s is %s in UTC', (from, iso) => {
  const window = parseWindow({ from }, now_ms, true)
  expect(new Date(window.from_ms).toISOString()).toBe(new Date(iso).toISOString())
  expect(window.to_ms).toBe(now_ms)
})

test('a window is the last 24 hours in at most 300 intervals when nothing is asked', () => {
  expect(parseWindow({}, now_ms, true)).toEqual({
    from_ms: now_ms - 24 * hour,
    to_ms: now_ms,
    step_ms: 5 * 60_000,
  })
  expect(parseWindow({}, now_ms, false).step_ms).toBeNull()
})

test.each(['1m', '1h', '25h', '7d', '30d', '90d', '365d', '3660d'])(
  'the last %s are cut into 2 to 300 intervals',
  (from) => {
    const { from_ms, to_ms, step_ms } = parseWindow({ from }, now_ms, true)
    expect((to_ms - from_ms) / Number(step_ms)).toBeLessThanOrEqual(300)
    expect((to_ms - from_ms) / Number(step_ms)).toBeGreaterThanOrEqual(2)
  },
)

test('a step is taken as written, and none gives no intervals', () => {
  expect(parseWindow({ step: '90s' }, now_ms, false).step_ms).toBe(90_000)
  expect(parseWindow({ step: 'none' }, now_ms, true).step_ms).toBeNull()
})

test.each([
  [{ from: 'yesterday' }, "Cannot read from: 'yesterday' is no time", 'write ISO 8601'],
  [{ to: '2026-13-45' }, "Cannot read to: '2026-13-45' is no time", 'write ISO 8601'],
  [{ from: '1791190800' }, 'is no time', 'milliseconds'],
  [{ from: "2026-10-05' OR '1'='1" }, 'is no time', 'write ISO 8601'],
  [{ from: '6h', to: '7h' }, 'is not before to', 'write from earlier'],
  [{ from: 'now' }, 'is not before to', 'write from earlier'],
  [{ from: '1971-01-01' }, 'days long', '3660 days'],
  [{ step: '5 minutes' }, "Cannot use step '5 minutes'", 'write one such as 30s'],
  [{ step: '0s' }, "Cannot use step '0s'", 'write one such as 30s'],
  [{ step: '1s' }, 'more than 1500 intervals', 'step=60s'],
])('%o is refused with what to write instead', (params, message, hint) => {
  const refusal = caught(() => parseWindow(params, now_ms, true))
  expect(refusal).toMatchObject({
    name: 'InvalidError',
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  })
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
