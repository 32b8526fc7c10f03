import { useEffect, useState } from 'preact/hooks'

/** The time in milliseconds since the epoch, renewed so often; and at once when `since` changes. */
export function useNow(every_ms: number, since: unknown = null): number {
  const [now_ms, setNow] = useState(Date.now())
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), every_ms)
    return () => clearInterval(timer)
  }, [every_ms, since])
  return now_ms
}
