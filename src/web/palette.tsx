import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'
import { paletteOpen, shortcuts } from './keyboard.ts'
import { loadBuckets, loadQuestions, namesOf } from './library.ts'
import type { Question } from './library.ts'
import { navigate } from './location.ts'
import { menuPages } from './pages.ts'
import { chooseTheme } from './theme.ts'
import { addFilter, changeView, dashboardAddress, presets } from './view.ts'
import type { FilterName } from './view.ts'

interface Command {
  name: string
  kind: string
  icon: IconName
  run: () => void
}

const fixed: Command[] = [
  ...menuPages.map(({ path, name, icon }): Command => ({
    name,
    kind: 'Page',
    icon,
    run: () => navigate(path === '/' ? dashboardAddress.value : path),
  })),
  ...presets.map((preset): Command => ({
    name: `Last ${preset}`,
    kind: 'Range',
    icon: 'clock',
    run: () => {
      navigate(dashboardAddress.value)
      changeView({ from: preset, to: '' })
    },
  })),
  { name: 'Light theme', kind: 'Theme', icon: 'sun', run: () => chooseTheme('light') },
  { name: 'Dark theme', kind: 'Theme', icon: 'moon', run: () => chooseTheme('dark') },
]

function filterBy(name: FilterName, value: string): void {
  navigate(dashboardAddress.value)
  addFilter(name, value)
}

/** Ctrl+K: goes to a page, a range or a bucket, a client address or a question of the library by a few letters of its name. */
export function CommandPalette() {
  if (!paletteOpen.value) return null
  return <Palette />
}

function Palette() {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [questions, setQuestions] = useState<Question[]>([])
  const [buckets, setBuckets] = useState<string[]>([])
  const box = useRef<HTMLDialogElement>(null)
  const close = (): void => {
    paletteOpen.value = false
  }
  useEffect(() => {
    box.current?.showModal()
    void loadQuestions().then(setQuestions, () => {})
    void loadBuckets().then(
      (found) => setBuckets(namesOf(found)),
      () => {},
    )
  }, [])
  const all: Command[] = [
    ...fixed,
    ...buckets.map((name): Command => ({
      name,
      kind: 'Bucket',
      icon: 'database',
      run: () => filterBy('bucket', name),
    })),
    ...questions.map(({ name, title }): Command => ({
      name: title,
      kind: 'Question',
      icon: 'book',
      run: () => navigate(`/sql?ask=${encodeURIComponent(name)}`),
    })),
  ]
  const address = text.trim()
  if (/^(\d{1,3}\.){3}\d{1,3}$|^(?=.*:.*:)[\da-f:.]+$/i.test(address)) {
    all.unshift({ name: address, kind: 'Address', icon: 'filter', run: () => filterBy('ip', address) })
  }
  const words = text.toLowerCase().split(/\s+/)
  const found = all.filter(({ name, kind }) =>
    words.every((word) => `${name} ${kind}`.toLowerCase().includes(word)),
  )
  const chosen = Math.min(at, found.length - 1)
  const run = (command: Command | undefined): void => {
    close()
    command?.run()
  }
  const steps: Record<string, () => void> = {
    ArrowDown: () => setAt(Math.min(chosen + 1, found.length - 1)),
    ArrowUp: () => setAt(Math.max(chosen - 1, 0)),
    Enter: () => run(found[chosen]),
  }
  return (
    <dialog
      ref={box}
      class="palette"
      aria-label="Go to"
      onClose={close}
      onClick={(event) => event.target === box.current && close()}
    >
      <div class="palette-input">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="commands"
          aria-activedescendant={`command-${chosen}`}
          aria-label="Go to"
          placeholder="Go to a page, a range, a bucket, an address, a question…"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={(event) => {
            const step = steps[event.key]
            if (!step) return
            event.preventDefault()
            step()
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <div class="palette-list" id="commands" role="listbox" aria-label="Results" tabIndex={0}>
        {found.length === 0 && (
          <p class="palette-none" role="status">
            Nothing is called so. There are pages, ranges, buckets, client addresses, questions and themes.
          </p>
        )}
        {found.slice(0, 40).map((command, index) => (
          <button
            key={`${command.kind} ${command.name}`}
            id={`command-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <Icon name={command.icon} />
            <span>{command.name}</span>
            <small>{command.kind}</small>
          </button>
        ))}
      </div>
      <footer class="palette-keys">
        {shortcuts.map(([keys, what]) => (
          <span key={keys}>
            <kbd>{keys}</kbd> {what}
          </span>
        ))}
      </footer>
    </dialog>
  )
}
