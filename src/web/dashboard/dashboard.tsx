import { useMemo } from 'preact/hooks'
import { loadBuckets, namesOf } from '../library.ts'
import { Empty } from '../states.tsx'
import { useAnswer } from '../use-answer.ts'
import { FindingsCard } from '../findings/finding-card.tsx'
import { bucketsOf, view as currentView } from '../view.ts'
import { CdnPanel } from './cdn-panel.tsx'
import { Controls, FilterBar } from './controls.tsx'
import { EventsPanel, eventsSql, marksOf } from './events-panel.tsx'
import { Freshness } from './freshness.tsx'
import { StatusPanel } from './heat-panel.tsx'
import { BytesPanel, ErrorsPanel, LatencyPanel, RequestsPanel } from './over-time.tsx'
import { useReport, useShapes, useSql, useTops } from './questions.ts'
import { RowsPanel } from './rows-panel.tsx'
import { StoragePanels } from './storage-panels.tsx'
import { Tiles } from './tiles.tsx'
import { ErrorCodesPanel, OperationsPanel, TopLists } from './top-lists.tsx'

/** What the buckets did: all panels follow one window and one set of filters, which are the address. */
export default function Dashboard() {
  const view = currentView.value
  const report = useReport(view)
  const shapes = useShapes(view)
  const tops = useTops(view)
  const buckets = useAnswer('buckets', loadBuckets)
  const events = useSql(eventsSql(view))
  const marks = useMemo(() => marksOf(events.data, view), [events.data, view])
  const names = namesOf(buckets.data ?? [])
  const wanted = bucketsOf(view)
  const begins = (buckets.data ?? [])
    .filter(({ bucket }) => wanted.length === 0 || wanted.includes(bucket))
    .flatMap(({ oldest_event }) => (oldest_event === null ? [] : [Date.parse(oldest_event)]))
  const told = buckets.data || buckets.error ? null : undefined
  const begin_ms = begins.length > 0 ? Math.min(...begins) : told
  const over = { view, report, shapes, marks }
  const hasNothing = report.data?.coverage.newest_event === null
  return (
    <>
      <header class="page-head">
        <h1>Dashboard</h1>
        <Controls view={view} buckets={names} at_ms={report.at_ms} />
        <FilterBar view={view} />
        <Freshness view={view} report={report} />
      </header>
      {hasNothing ? (
        <section class="panel">
          <Empty title="No access log has been read yet" icon="clock">
            Spaces delivers logs with a delay of minutes to hours. The page fills up as they come.{' '}
            <a href="/connect">See what is set up</a>
          </Empty>
        </section>
      ) : (
        <>
          <Tiles view={view} report={report} begin_ms={begin_ms} />
          <div class="grid">
            <RequestsPanel {...over} />
            <OperationsPanel view={view} report={report} />
            <ErrorsPanel {...over} />
            <LatencyPanel {...over} />
            <BytesPanel {...over} />
            <StatusPanel view={view} shapes={shapes} />
            <CdnPanel view={view} report={report} shapes={shapes} />
            <ErrorCodesPanel view={view} tops={tops} />
            <FindingsCard view={view} />
            <EventsPanel view={view} asked={events} />
            <TopLists view={view} tops={tops} />
            <StoragePanels view={view} buckets={names} />
            <RowsPanel view={view} />
          </div>
        </>
      )}
    </>
  )
}
