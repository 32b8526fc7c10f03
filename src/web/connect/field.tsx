import type { ComponentChildren } from 'preact'
import { ApiError } from '../api.ts'

/** An input with its name and what to write into it. */
export function Field(props: { label: string; hint?: string; wide?: boolean; children: ComponentChildren }) {
  const { label, hint, wide, children } = props
  return (
    <label class={wide ? 'field field-wide' : 'field'}>
      <span>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </label>
  )
}

/** Whatever was thrown, as an error that can be shown. */
export function asApiError(cause: unknown): ApiError {
  return cause instanceof ApiError ? cause : new ApiError(0, 'unexpected', String(cause), null, null)
}
