import { useEffect, useRef } from 'preact/hooks'

/** Does something again and again while the page is looked at. */
export function useEvery(ms: number, work: () => void): void {
  const latest = useRef(work)
  latest.current = work
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) latest.current()
    }, ms)
    return () => clearInterval(timer)
  }, [ms])
}
