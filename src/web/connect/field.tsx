import type { ComponentChildren } from 'preact'

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
