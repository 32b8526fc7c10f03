import type { ComponentChildren } from 'preact'
import type { ApiError } from './api.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'
import { refreshed } from './failures.ts'

/** Says that there is nothing, and what to do about it. */
export function Empty({
  title,
  children,
  icon = 'search',
}: {
  title: string
  children?: ComponentChildren
  icon?: IconName
}) {
  return (
    <div class="state">
      <Icon name={icon} size={20} />
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
  )
}

/** Says what went wrong, what can be done, and the id to name when it is reported. */
export function Failed({ error, retry = true }: { error: ApiError; retry?: boolean }) {
  return (
    <div class="state state-bad" role="alert">
      <Icon name="warning" size={20} />
      <strong>{error.message}</strong>
      {error.hint && <p>{error.hint}</p>}
      <p class="state-actions">
        {retry && (
          <button class="button small" onClick={() => refreshed.value++}>
            Try again
          </button>
        )}
        {error.requestId && <span class="faint">request {error.requestId}</span>}
      </p>
    </div>
  )
}

/** Stands where an answer will be. */
export function Loading({ height = 160 }: { height?: number }) {
  return (
    <div class="skeleton" style={{ height: `${height}px` }} role="status">
      <span class="sr">Loading</span>
    </div>
  )
}
