import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'

/** ISO 8601, or a time ago such as 7d. */
export interface SqlWindow {
  from?: string
  to?: string
}

/** The address of the console with a query in it, and the window that its tables are narrowed to; default: 90 days. */
export function consoleLink(sql: string, window: SqlWindow = {}): string {
  return `/sql?${new URLSearchParams({ q: sql, ...window })}`
}

/** Tells what a number is, and the SQL that it came from. */
export function HowComputed({
  title,
  text,
  sql,
  onClose,
}: {
  title: string
  text: string
  sql: string | null
  onClose: () => void
}) {
  return (
    <Dialog title={`How “${title}” is computed`} onClose={onClose}>
      <p class="prose">{text}</p>
      {sql && (
        <>
          <pre class="code" tabIndex={0}>
            {sql}
          </pre>
          <p class="row">
            <a class="button primary" href={consoleLink(sql)}>
              <Icon name="sql" /> Open in the console
            </a>
            <CopyButton text={sql} />
          </p>
        </>
      )}
    </Dialog>
  )
}

/** Copies a text to the clipboard. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  return (
    <button
      class="button"
      onClick={(event) => {
        const button = event.currentTarget
        void navigator.clipboard.writeText(text).then(() => {
          button.dataset['done'] = 'true'
          setTimeout(() => delete button.dataset['done'], 1500)
        })
      }}
    >
      <Icon name="copy" /> <span>{label}</span>
    </button>
  )
}
