const paths = {
  findings: 'M5 21V4M5 5h13l-3 4 3 4H5',
  dashboard: 'M3 3h7v9H3zM14 3h7v5h-7zM14 12h7v9h-7zM3 16h7v5H3z',
  sql: 'M4 17l6-5-6-5M12 19h8',
  chat: 'M21 12a8 8 0 0 1-8 8H4l2.3-2.7A8 8 0 1 1 21 12z',
  admin: 'M22 12h-4l-3 8L9 4l-3 8H2',
  cost: 'M12 3v18M16.5 7.5C15.5 6 14 5.5 12 5.5c-2.5 0-4.5 1.2-4.5 3.2 0 4.4 9.5 2.2 9.5 6.6 0 2-2.2 3.2-5 3.2-2.2 0-4-.7-5-2.3',
  connect: 'M9 15l6-6M11 6l1-1a5 5 0 0 1 7 7l-1 1M13 18l-1 1a5 5 0 0 1-7-7l1-1',
  refresh: 'M20 11a8 8 0 1 0-2 6M20 4v7h-7',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  close: 'M6 6l12 12M18 6L6 18',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8v.01',
  table: 'M3 5h18v14H3zM3 10h18M9 5v14',
  chart: 'M4 20V4M4 20h16M8 16v-5M13 16V8M18 16v-3',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  picture: 'M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M9 9v.01',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M4 12H2M22 12h-2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  system: 'M3 4h18v12H3zM8 20h8M12 16v4',
  exit: 'M15 4h4v16h-4M10 16l4-4-4-4M14 12H4',
  play: 'M7 5l12 7-12 7z',
  stop: 'M6 6h12v12H6z',
  send: 'M12 20V5M6 11l6-6 6 6',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 13l4 4L19 7',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.01',
  cross: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9l6 6M15 9l-6 6',
  more: 'M5 12v.01M12 12v.01M19 12v.01',
  back: 'M15 6l-6 6 6 6',
  next: 'M9 6l6 6-6 6',
  down: 'M6 9l6 6 6-6',
  zoom: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4M8 11h6',
  star: 'M12 4l2.4 5 5.6.8-4 3.9 1 5.5-5-2.7-5 2.7 1-5.5-4-3.9 5.6-.8z',
  history: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v5h5M12 8v4l3 2',
  book: 'M4 5a2 2 0 0 1 2-2h14v16H6a2 2 0 0 0-2 2zM4 19V5',
  link: 'M9 15l6-6M11 6l1-1a5 5 0 0 1 7 7l-1 1M13 18l-1 1a5 5 0 0 1-7-7l1-1',
  plus: 'M12 5v14M5 12h14',
  database:
    'M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  spark: 'M12 3l2 6 6 2-6 2-2 7-2-7-6-2 6-2z',
  filter: 'M4 5h16l-6 8v5l-4 2v-7z',
} as const

export type IconName = keyof typeof paths

/** A drawing beside a text, or in a button that has a name of its own. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number | undefined }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

/** A button that is a drawing alone. */
export function IconButton(props: {
  label: string
  icon: IconName
  onClick: () => void
  /** Shown under the pointer; default: the label. */
  title?: string
  pressed?: boolean
  size?: number
}) {
  const { label, icon, onClick, title = label, pressed, size } = props
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      aria-pressed={pressed}
      title={title}
      onClick={onClick}
    >
      <Icon name={icon} size={size} />
    </button>
  )
}

/** The mark of SpaceWatch. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--brand)" />
      <path
        d="M5 20h5l3-9 5 14 3.5-8H27"
        fill="none"
        stroke="#fff"
        stroke-width="2.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
