import { useState } from 'preact/hooks'
import { ApiError, askFor } from '../api.ts'
import type { AnswerTo, Asking } from '../api.ts'
import { errorIn, readEvents } from '../chat/sse.ts'
import { useAnswer } from '../use-answer.ts'
import type { Asked } from '../use-answer.ts'

export type Explanation = AnswerTo<'GET /explain'>

/** Asks for an explanation as events; `looked` names the dimensions that have been looked at so far. */
export function useExplanation(query: Asking<'GET /explain'>['query'] & object): {
  asked: Asked<Explanation>
  looked: readonly string[]
} {
  const [looked, setLooked] = useState<readonly string[]>([])
  const asked = useAnswer(`explain ${JSON.stringify(query)}`, async (signal) => {
    setLooked([])
    const headers = { accept: 'text/event-stream' }
    const { body } = await askFor('GET /explain', { query, headers, signal })
    for await (const { name, data } of body ? readEvents(body) : []) {
      if (name === 'explanation') return data as Explanation
      if (name === 'dimension') setLooked((before) => [...before, (data as { dimension: string }).dimension])
      if (name === 'error') throw errorIn(data)
    }
    throw new ApiError(0, 'network', 'The answer broke off', 'try again', null)
  })
  return { asked, looked }
}
