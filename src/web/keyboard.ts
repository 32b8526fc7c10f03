import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { place } from './location.ts'
import { chooseTheme, isDark } from './theme.ts'
import { refreshed } from './failures.ts'
import { changeView, presets, spanOf, toggleZone, view } from './view.ts'

export const paletteOpen = signal(false)

/** What keys do while nothing is being written. */
export const shortcuts: [keys: string, what: string][] = [
  ['Ctrl K', 'Go to a page, a range, a question'],
  ['1 … 6', 'Range: last hour … last 90 days'],
  ['[ ]', 'Earlier, later'],
  ['-', 'Zoom out'],
  ['r', 'Refresh'],
  ['z', 'Time zone'],
  ['d', 'Light or dark'],
  ['?', 'These keys'],
]

export function useKeyboard(): void {
  useEffect(() => {
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

function onKey(event: KeyboardEvent): void {
  if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault()
    paletteOpen.value = !paletteOpen.value
    return
  }
  const target = event.target instanceof HTMLElement ? event.target : null
  const writes =
    target?.closest('input, textarea, select, [contenteditable], dialog') !== null && target !== null
  if (writes || event.ctrlKey || event.metaKey || event.altKey) return
  const always: Record<string, () => void> = {
    d: () => chooseTheme(isDark.value ? 'light' : 'dark'),
    z: toggleZone,
    '?': () => (paletteOpen.value = true),
  }
  const onDashboard: Record<string, () => void> = {
    r: () => refreshed.value++,
    '-': () => move(-0.5, 0.5),
    '[': () => move(-1, -1),
    ']': () => move(1, 1),
    ...Object.fromEntries(
      presets.map((preset, index) => [String(index + 1), () => changeView({ from: preset, to: '' })]),
    ),
  }
  const act = always[event.key] ?? (place.value.path === '/' ? onDashboard[event.key] : undefined)
  if (!act) return
  event.preventDefault()
  act()
}

/** Moves the ends of the window by so many of its lengths; not beyond now. */
function move(from: number, to: number): void {
  const { from_ms, to_ms } = spanOf(view.value)
  const length_ms = to_ms - from_ms
  const end_ms = Math.min(Date.now(), to_ms + to * length_ms)
  changeView({ from: new Date(from_ms + from * length_ms).toISOString(), to: new Date(end_ms).toISOString() })
}
