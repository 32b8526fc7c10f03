import { useEffect, useRef, useState } from 'preact/hooks'
import { asApiError } from './api.ts'
import type { ApiError } from './api.ts'
import { noteOutcome, refreshed } from './failures.ts'
import { sessionLost } from './session.ts'

/** What is known of an answer: `data` is that of before while a new one is on its way. */
export interface Asked<T> {
  data: T | null
  error: ApiError | null
  loading: boolean
  /** When `data` came, in milliseconds since the epoch. */
  at_ms: number
}

/** Asks, and asks again whenever `key` changes; a null key asks nothing. What came before is cut off. */
export function useAnswer<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [state, setState] = useState<Asked<T>>({ data: null, error: null, loading: key !== null, at_ms: 0 })
  const latest = useRef(load)
  latest.current = load
  const self = useRef({}).current
  const round = refreshed.value
  useEffect(() => () => noteOutcome(self, null), [])
  useEffect(() => {
    if (key === null) {
      setState({ data: null, error: null, loading: false, at_ms: 0 })
      noteOutcome(self, null)
      return
    }
    const controller = new AbortController()
    setState((before) => ({ ...before, loading: true }))
    latest.current(controller.signal).then(
      (data) => {
        if (controller.signal.aborted) return
        setState({ data, error: null, loading: false, at_ms: Date.now() })
        noteOutcome(self, null)
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return
        const error = asApiError(cause)
        if (error.status === 401) sessionLost()
        setState((before) => ({ ...before, error, loading: false }))
        noteOutcome(self, error)
      },
    )
    return () => controller.abort()
  }, [key, round])
  return state
}
