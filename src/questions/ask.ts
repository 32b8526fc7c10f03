import type { Gate } from '../gate/gate.ts'
import type { ReadCoverage } from '../metrics/coverage.ts'
import type { Scope } from '../metrics/filter.ts'
import { parseWindow } from '../metrics/window.ts'
import type { QuestionAnswer } from './answers.ts'
import { bind } from './bind.ts'
import type { Given } from './bind.ts'
import { findQuestion } from './library.ts'
import { price } from './question.ts'
import type { Lookback } from './question.ts'

export interface AskedQuestion {
  /** Its name. */
  question: string
  parameters?: Given
  /** As in `WindowParams`; by default the question's own lookback, up to now. */
  from?: string | undefined
  to?: string | undefined
  scope: Scope
  /** Whose two turns of the gate it takes. */
  turns_of: string
  signal?: AbortSignal | undefined
}

/** Answers a question of the library. Throws InvalidError for an unknown one, and what `bind` and `Gate.run` throw. */
export type AskQuestion = (asked: AskedQuestion) => Promise<QuestionAnswer>

export interface AskOptions {
  gate: Pick<Gate, 'run'>
  readCoverage: ReadCoverage
  /** What the operator pays for one GiB of egress; without: what Spaces asks for. */
  pricePerGib?: number | null
  now: () => number
}

const hour_ms = 3_600_000
const lookback_ms: Record<Lookback, number> = {
  '24h': 24 * hour_ms,
  '48h': 48 * hour_ms,
  '7d': 168 * hour_ms,
  '30d': 720 * hour_ms,
}

export function createAsk({ gate, readCoverage, pricePerGib, now }: AskOptions): AskQuestion {
  return async ({ question: wanted, parameters = {}, from, to, scope, turns_of, signal }) => {
    const question = findQuestion(wanted)
    const asked = parseWindow({ from, to }, now(), false)
    const window =
      from === undefined ? { ...asked, from_ms: asked.to_ms - lookback_ms[question.window] } : asked
    const priced = question.parameters.includes(price) && !parameters['price_per_gib'] && pricePerGib != null
    const given = priced ? { ...parameters, price_per_gib: pricePerGib.toFixed(6) } : parameters
    const { sql, limit } = bind(question, given, window.to_ms)
    const iso = (ms: number): string => new Date(ms).toISOString()
    const [{ window: _, ...answer }, coverage] = await Promise.all([
      gate.run({ sql, scope, turns_of, limit, from: iso(window.from_ms), to: iso(window.to_ms), signal }),
      readCoverage(window, scope),
    ])
    return { question: question.name, title: question.title, sql, ...answer, coverage }
  }
}
