import { useEffect } from 'preact/hooks'
import { logFormats } from '../../log-formats.ts'
import type { LogFormat } from '../../log-formats.ts'
import { Segments, Select } from '../choice.tsx'
import { refreshed } from '../failures.ts'
import { formatSpan, zoneName } from '../format.ts'
import { Icon } from '../icon.tsx'
import { useNow } from '../use-now.ts'
import { changeView, filterLabels, filterNames, refreshes, removeFilter, toggleZone } from '../view.ts'
import type { View } from '../view.ts'
import { RangePicker } from './range-picker.tsx'

const formats = Object.fromEntries(logFormats.map(({ name, title }) => [name, title])) as Record<
  LogFormat,
  string
>
const refreshNames = Object.fromEntries(
  refreshes.map((seconds) => [seconds, seconds === 0 ? 'Off' : formatSpan(seconds)]),
)

/** Everything that decides what the dashboard shows. */
export function Controls({
  view,
  buckets,
  at_ms,
}: {
  view: View
  buckets: readonly string[]
  at_ms: number
}) {
  useRefresh(view.refresh)
  const chosen = view.filters.bucket ?? ''
  const named = chosen === '' || buckets.includes(chosen) ? buckets : [chosen, ...buckets]
  return (
    <div class="controls">
      <div class="row">
        <Select
          label="Bucket"
          options={{ '': 'All buckets', ...Object.fromEntries(named.map((name) => [name, name])) }}
          chosen={chosen}
          onChoose={(bucket) => changeView({ filters: { ...view.filters, bucket } })}
        />
        <Segments
          class="segments"
          label="Which logs"
          options={formats}
          chosen={view.format}
          onChoose={(format) => changeView({ format })}
        />
        <RangePicker view={view} />
      </div>
      <div class="row">
        <Select
          label="Compare with"
          options={{ '': 'No comparison', previous: 'Previous period', week: 'Week before' }}
          chosen={view.compare}
          onChoose={(compare) => changeView({ compare })}
        />
        <button class="button" title="Time zone (z)" onClick={toggleZone}>
          {zoneName(view.zone)}
        </button>
        <Refresh view={view} at_ms={at_ms} />
      </div>
    </div>
  )
}

function Refresh({ view, at_ms }: { view: View; at_ms: number }) {
  const age = Math.max(0, (useNow(5000, at_ms) - at_ms) / 1000)
  return (
    <div class="row refresh">
      <button
        class="button"
        title={at_ms === 0 ? 'Refresh (r)' : `Updated ${formatSpan(age)} ago. Refresh (r)`}
        aria-label="Refresh"
        onClick={() => refreshed.value++}
      >
        <Icon name="refresh" />
        <span class="hide-narrow num">{at_ms === 0 ? '…' : formatSpan(age)}</span>
      </button>
      <Select
        label="Refresh by itself"
        options={refreshNames}
        chosen={String(view.refresh)}
        onChoose={(seconds) => changeView({ refresh: Number(seconds) })}
      />
    </div>
  )
}

/** Asks again every so often, and not while nobody looks. */
function useRefresh(seconds: number): void {
  useEffect(() => {
    if (seconds === 0) return
    let missed = false
    const refresh = (): void => {
      missed = document.hidden
      if (!missed) refreshed.value++
    }
    const seen = (): void => {
      if (!document.hidden && missed) refresh()
    }
    const timer = setInterval(refresh, seconds * 1000)
    document.addEventListener('visibilitychange', seen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [seconds])
}

/** What is filtered by, each with a button that takes it away. */
export function FilterBar({ view }: { view: View }) {
  const active = filterNames.filter((name) => view.filters[name] !== undefined && view.filters[name] !== '')
  if (active.length === 0) return null
  return (
    <div class="filters" role="group" aria-label="Filters">
      <Icon name="filter" size={14} />
      {active.map((name) => (
        <button
          key={name}
          class="chip"
          aria-label={`Remove the filter ${filterLabels[name]} ${view.filters[name]}`}
          onClick={() => removeFilter(name)}
        >
          <span class="chip-name">{filterLabels[name]}</span>
          <span class="chip-value">{view.filters[name] === '-' ? '(none)' : view.filters[name]}</span>
          <Icon name="close" size={12} />
        </button>
      ))}
      {active.length > 1 && (
        <button class="link" onClick={() => changeView({ filters: {} })}>
          Clear all
        </button>
      )}
    </div>
  )
}
