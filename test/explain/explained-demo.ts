import { generate } from '../../src/demo/generate.ts'
import { createTruth } from '../../src/demo/truth.ts'
import type { Explanation } from '../../src/explain/answers.ts'
import { createExplain, wholeExplanation } from '../../src/explain/explain.ts'
import type { ExplainEvent, ExplainParams } from '../../src/explain/explain.ts'
import { createGate } from '../../src/gate/gate.ts'
import type { Operation } from '../../src/logs/record.ts'
import { createCoverage } from '../../src/metrics/coverage.ts'
import { parseWindow } from '../../src/metrics/window.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { textOf, WEEK } from '../demo/demo-week.ts'
import { openTestStore } from '../support/store.ts'
import { operationsOf } from '../watch/demo-series.ts'

/** When the generated days end, and questions about them are asked. */
export const now_ms = WEEK.to_ms

// As dense as the demo is by default. What is planted lies in the last four days, a week after the first ones.
const lines = 300_000

/** Eleven generated days in a store of its own source: what was put there, what was planted, and who explains it. */
export async function openExplainedDemo(source: string) {
  const store = await openTestStore()
  const rowBuffer = createRowBuffer()
  const operations: Operation[] = []
  const truth = createTruth()
  const plan = {
    ...WEEK,
    from_ms: now_ms - 11 * 86_400_000,
    lines,
    repeated_share: 0,
    deliver_by_ms: WEEK.to_ms,
  }
  for (const object of generate(plan, truth)) {
    const own = operationsOf(textOf(object))
    operations.push(...own)
    await put(own, object.key)
  }
  await store.visible()

  /** More rows than were generated. */
  async function put(own: readonly Operation[], key: string, from = source): Promise<void> {
    const { bytes } = rowBuffer.append(own, originOf(from, key))
    const rejected = await store.write(new Uint8Array(bytes.slice()))
    if (rejected.length > 0) throw new Error(`QuestDB rejects ${JSON.stringify(rejected[0])}`)
  }
  const gate = createGate({
    pool: store,
    turns: { take: (_, work) => work() },
    readWindow: (given) => parseWindow(given, now_ms, false),
  })
  const explain = createExplain({
    gate,
    readCoverage: createCoverage({ query: store.query, progress: () => [] }),
    now: () => now_ms,
  })
  type Asked = Omit<ExplainParams, 'from' | 'to'> & { from_ms: number; to_ms: number }
  const events = ({ from_ms, to_ms, ...params }: Asked, scope: readonly string[] = [source]) =>
    explain({ params: { ...params, from: String(from_ms), to: String(to_ms) }, scope, turns_of: 'test' })
  return {
    store,
    operations,
    put,
    incidents: truth.incidents(),
    gate,
    events: (asked: Asked, scope?: readonly string[]): Promise<ExplainEvent[]> =>
      Array.fromAsync(events(asked, scope)),
    explain: (asked: Asked, scope?: readonly string[]): Promise<Explanation> =>
      wholeExplanation(events(asked, scope)),
  }
}
