import type { ComponentChildren } from 'preact'
import { Banner } from './banner.tsx'
import { Icon, IconButton, Logo } from './icon.tsx'
import type { IconName } from './icon.tsx'
import { paletteOpen } from './keyboard.ts'
import { menuPages } from './pages.ts'
import { CommandPalette } from './palette.tsx'
import { session, signOut } from './session.ts'
import { chooseTheme, theme } from './theme.ts'
import type { Theme } from './theme.ts'
import { dashboardAddress } from './view.ts'

const kinds = { none: 'Not connected', caller: 'Spaces key', admin: 'API key', demo: 'Demo' }

/** What stands around every page: the way to the others, who is connected, the theme. */
export function Shell({ path, children }: { path: string; children: ComponentChildren }) {
  const known = session.value
  const connected = known !== null && known.kind !== 'none'
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="side">
        <a class="brand" href="/" aria-label="SpaceWatch">
          <Logo />
          <span>SpaceWatch</span>
        </a>
        <nav class="nav" aria-label="Pages">
          {menuPages.map(({ path: to, name, short, icon }) => (
            <a
              key={to}
              href={to === '/' ? dashboardAddress.value : to}
              aria-label={name}
              aria-current={path === to ? 'page' : undefined}
            >
              <Icon name={icon} size={18} />
              <span class="wide-only">{name}</span>
              <span class="narrow-only">{short}</span>
            </a>
          ))}
        </nav>
        <div class="side-foot">
          {connected && (
            <button class="palette-hint" onClick={() => (paletteOpen.value = true)}>
              <Icon name="search" size={14} />
              <span>Go to…</span>
              <kbd>Ctrl K</kbd>
            </button>
          )}
          {connected && known && (
            <div class="who">
              <span class={`badge badge-${known.kind === 'demo' ? 'warn' : 'plain'}`}>
                {kinds[known.kind]}
              </span>
              <span class="who-place" title={placeOf(known.log_bucket, known.log_prefix)}>
                {placeOf(known.log_bucket, known.log_prefix) || 'all log sources'}
              </span>
              <IconButton label="Disconnect" icon="exit" onClick={() => void signOut()} />
            </div>
          )}
          <ThemeSwitch />
        </div>
      </header>
      <main id="main" class="main" tabIndex={-1}>
        <Banner />
        {children}
      </main>
      <CommandPalette />
    </div>
  )
}

function placeOf(bucket: string | null | undefined, prefix: string | null | undefined): string {
  return bucket ? `${bucket}/${prefix ?? ''}` : ''
}

const themes: { name: Theme; icon: IconName; label: string }[] = [
  { name: 'light', icon: 'sun', label: 'Light theme' },
  { name: 'system', icon: 'system', label: "The system's theme" },
  { name: 'dark', icon: 'moon', label: 'Dark theme' },
]

function ThemeSwitch() {
  return (
    <div class="segments themes" role="group" aria-label="Theme">
      {themes.map(({ name, icon, label }) => (
        <button
          key={name}
          aria-label={label}
          title={label}
          aria-pressed={theme.value === name}
          onClick={() => chooseTheme(name)}
        >
          <Icon name={icon} size={15} />
        </button>
      ))}
    </div>
  )
}
