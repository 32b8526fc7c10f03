import { gunzipSync } from 'node:zlib'
import type { DemoOptions } from '../../src/demo/deliveries.ts'
import { generate } from '../../src/demo/generate.ts'
import type { DemoObject } from '../../src/demo/log-object.ts'
import { createTruth } from '../../src/demo/truth.ts'

const to_ms = Date.UTC(2026, 7, 28, 10)
export const WEEK: DemoOptions = { seed: 7, from_ms: to_ms - 7 * 86_400_000, to_ms, lines: 20_000 }

/** A generated week: its objects with their text, and the truth about it. */
export function demoWeek(change: Partial<DemoOptions> = {}) {
  const truth = createTruth()
  const objects = [...generate({ ...WEEK, ...change }, truth)].map((object) => ({
    ...object,
    text: textOf(object),
  }))
  return { objects, truth, lines: objects.flatMap(({ text }) => text.split('\n').slice(0, -1)) }
}

/** The text of an object, all gzip members. */
export function textOf({ body }: Pick<DemoObject, 'body'>): string {
  return (body[0] === 0x1f ? gunzipSync(body) : Buffer.from(body)).toString()
}
