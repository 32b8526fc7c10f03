import { computed, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const dark = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = signal(dark.matches)
dark.addEventListener('change', () => {
  systemIsDark.value = dark.matches
})

const given = document.documentElement.dataset['theme']
export const theme = signal<Theme>(given === 'dark' || given === 'light' ? given : 'system')
export const isDark = computed(() => (theme.value === 'system' ? systemIsDark.value : theme.value === 'dark'))

/** Chooses a theme, and tells the server by a cookie, so that the next page begins with it. */
export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  const root = document.documentElement
  if (chosen === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = chosen
  const age = chosen === 'system' ? 0 : 31_536_000
  document.cookie = `spacewatch_theme=${chosen}; path=/; max-age=${age}; samesite=strict`
}

/** The colours of charts, which cannot read the style sheet. */
export interface Palette {
  surface: string
  font: string
  text: string
  muted: string
  line: string
  accent: string
  series: Record<SeriesColor, string>
  heat: string[]
}

export type SeriesColor = 'blue' | 'green' | 'amber' | 'red' | 'violet' | 'teal' | 'pink' | 'gray'

const font = getComputedStyle(document.documentElement).fontFamily

const light: Palette = {
  font,
  surface: '#ffffff',
  text: '#131a26',
  muted: '#5a6577',
  line: '#e3e7ee',
  accent: '#1d5fe0',
  series: {
    blue: '#2f6fed',
    green: '#1f9d68',
    amber: '#d98a06',
    red: '#dc3f45',
    violet: '#8257e5',
    teal: '#0f9aa8',
    pink: '#d6469a',
    gray: '#7b8798',
  },
  heat: ['#eef3fd', '#c3d7fb', '#8fb4f6', '#578ced', '#2a62cf', '#173f92'],
}

const darkPalette: Palette = {
  font,
  surface: '#12161f',
  text: '#e6eaf2',
  muted: '#97a3b6',
  line: '#232a37',
  accent: '#6ea0ff',
  series: {
    blue: '#5b93ff',
    green: '#3ecf8e',
    amber: '#f0b04a',
    red: '#ff6b6b',
    violet: '#a98bff',
    teal: '#3cc8d4',
    pink: '#f279bd',
    gray: '#8b97aa',
  },
  heat: ['#18202f', '#1d3157', '#244b8c', '#3068c4', '#5b93ff', '#a9c7ff'],
}

export const palette = computed(() => (isDark.value ? darkPalette : light))

/** The colour that a class of operations or a status always has. */
export function colorOf(name: string): SeriesColor {
  const named: Record<string, SeriesColor> = {
    read: 'blue',
    write: 'green',
    list: 'amber',
    delete: 'red',
    copy: 'violet',
    config: 'teal',
    lifecycle: 'pink',
    Hit: 'green',
    RefreshHit: 'teal',
    Miss: 'amber',
    Error: 'red',
  }
  const byStatus: Record<string, SeriesColor> = { 1: 'gray', 2: 'green', 3: 'blue', 4: 'amber', 5: 'red' }
  return named[name] ?? (/^\d/.test(name) ? byStatus[name.slice(0, 1)] : undefined) ?? 'gray'
}
