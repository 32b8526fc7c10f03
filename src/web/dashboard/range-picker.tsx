import { useState } from 'preact/hooks'
import { formatTime, zoneName } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Menu } from '../menu.tsx'
import { changeView, presets, spanOf } from '../view.ts'
import type { View } from '../view.ts'

const names: Record<string, string> = {
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
}

/** The window: presets, a span of one's own, and a step back, forward and out. */
export function RangePicker({ view }: { view: View }) {
  const { from_ms, to_ms } = spanOf(view)
  const length_ms = to_ms - from_ms
  const go = (from: number, to: number): void => {
    const end = Math.min(to, Date.now())
    changeView({ from: new Date(from).toISOString(), to: new Date(end).toISOString() })
  }
  return (
    <div class="row range">
      <div class="segments hide-narrow" role="group" aria-label="Range">
        {presets.slice(0, 5).map((preset) => (
          <button
            key={preset}
            aria-pressed={!view.to && view.from === preset}
            title={names[preset]}
            onClick={() => changeView({ from: preset, to: '' })}
          >
            {preset}
          </button>
        ))}
      </div>
      <Menu
        label="Choose a range"
        wide
        button={
          <>
            <Icon name="clock" />
            <span>
              {view.to
                ? `${formatTime(view.from, view.zone, false)} – ${formatTime(view.to, view.zone, false)}`
                : (names[view.from] ?? `Last ${view.from}`)}
            </span>
            <Icon name="down" size={14} />
          </>
        }
      >
        {(close) => <Custom view={view} close={close} />}
      </Menu>
      <div class="segments hide-narrow" role="group" aria-label="Move the range">
        <button
          aria-label="Earlier"
          title="Earlier ([)"
          onClick={() => go(from_ms - length_ms, to_ms - length_ms)}
        >
          <Icon name="back" size={14} />
        </button>
        <button
          aria-label="Zoom out"
          title="Zoom out (-)"
          onClick={() => go(from_ms - length_ms / 2, to_ms + length_ms / 2)}
        >
          <Icon name="zoom" size={14} />
        </button>
        <button
          aria-label="Later"
          title="Later (])"
          disabled={!view.to}
          onClick={() => go(from_ms + length_ms, to_ms + length_ms)}
        >
          <Icon name="next" size={14} />
        </button>
      </div>
    </div>
  )
}

function Custom({ view, close }: { view: View; close: () => void }) {
  const { from_ms, to_ms } = spanOf(view)
  const [from, setFrom] = useState(inputTime(from_ms, view.zone === 'utc'))
  const [to, setTo] = useState(inputTime(to_ms, view.zone === 'utc'))
  const times = [parseInput(from, view.zone === 'utc'), parseInput(to, view.zone === 'utc')] as const
  const right = times[0] < times[1]
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!right) return
        changeView({ from: new Date(times[0]).toISOString(), to: new Date(times[1]).toISOString() })
        close()
      }}
    >
      <div class="menu-list">
        {presets.map((preset) => (
          <button
            type="button"
            key={preset}
            aria-pressed={!view.to && view.from === preset}
            onClick={() => {
              changeView({ from: preset, to: '' })
              close()
            }}
          >
            {names[preset]}
          </button>
        ))}
      </div>
      <div class="menu-form">
        <label>
          From
          <input
            type="datetime-local"
            step="1"
            value={from}
            onInput={(event) => setFrom(event.currentTarget.value)}
          />
        </label>
        <label>
          To
          <input
            type="datetime-local"
            step="1"
            value={to}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        </label>
        <p class="faint">
          {right
            ? `Times in ${zoneName(view.zone)}. Drag across a chart to zoom.`
            : 'From must be before to.'}
        </p>
        <button class="button primary" disabled={!right}>
          Show this range
        </button>
      </div>
    </form>
  )
}

function inputTime(ms: number, utc: boolean): string {
  const shift_ms = utc ? 0 : new Date(ms).getTimezoneOffset() * 60_000
  return new Date(ms - shift_ms).toISOString().slice(0, 19)
}

function parseInput(text: string, utc: boolean): number {
  return Date.parse(utc ? `${text}Z` : text)
}
