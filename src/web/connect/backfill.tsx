import { useEffect, useState } from 'preact/hooks'
import { asApiError, ask } from '../api.ts'
import type { AnswerTo } from '../api.ts'
import { FactBoxes } from '../fact-boxes.tsx'
import { formatAgo, formatBytes, formatCount } from '../format.ts'
import { Icon } from '../icon.tsx'
import { recordsOf, sumOf } from '../records.ts'

/** Shows how the logs are read for the first time, with the first numbers as they come. */
export function Backfill() {
  const [seen, setSeen] = useState<AnswerTo<'GET /metrics/operations'> | null>(null)
  const [most, setMost] = useState(0)
  const [failed, setFailed] = useState('')
  const pending = seen?.coverage.objects_pending ?? 0
  const done = seen !== null && pending === 0 && seen.coverage.listing_complete
  useEffect(() => {
    if (done) return
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      await ask('GET /metrics/operations', {
        query: { from: '90d', step: '1d' },
        signal: controller.signal,
      }).then(
        (answer) => {
          setSeen(answer)
          setMost((before) => Math.max(before, answer.coverage.objects_pending))
          setFailed('')
        },
        (error: unknown) => {
          if (!controller.signal.aborted) setFailed(asApiError(error).message)
        },
      )
      if (!controller.signal.aborted) timer = setTimeout(() => void look(), 1500)
    }
    void look()
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
  }, [done])
  const totals = seen ? recordsOf(seen.totals) : []
  const share = done ? 100 : most === 0 ? 0 : (100 * (most - pending)) / most
  return (
    <section class="backfill" aria-label="First reading">
      <h2>{done ? 'Connected: the logs are read' : 'Connected: reading the logs'}</h2>
      <div
        class="progress"
        role="progressbar"
        aria-label="Log objects read"
        aria-valuenow={Math.round(share)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${Math.max(share, 3)}%` }} />
      </div>
      <p class="faint" role="status">
        {failed
          ? `Not current: ${failed}`
          : done
            ? 'New log objects are read as they are delivered.'
            : `${formatCount(pending)} log objects to go${seen?.coverage.listing_complete === false ? ', still listing' : ''}. The newest come first.`}
      </p>
      <FactBoxes
        big
        facts={[
          ['Requests', formatCount(sumOf(totals, 'requests'))],
          ['Errors', formatCount(sumOf(totals, 'errors'))],
          ['Bytes out', formatBytes(sumOf(totals, 'bytes_downloaded'))],
          ['Newest event', seen?.coverage.newest_event ? formatAgo(seen.coverage.newest_event) : '–'],
        ]}
      />
      <a class="button primary" href="/">
        <Icon name="dashboard" /> Open the dashboard
      </a>
    </section>
  )
}
