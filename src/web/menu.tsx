import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** A button that opens what stands under it, and closes it again on Escape or a click elsewhere. */
export function Menu({
  label,
  button,
  children,
  class: name = 'button',
  wide = false,
}: {
  label: string
  button: ComponentChildren
  children: (close: () => void) => ComponentChildren
  class?: string
  wide?: boolean
}) {
  const [open, setOpen] = useState(false)
  const host = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const leave = (event: Event): void => {
      if (
        event instanceof KeyboardEvent
          ? event.key === 'Escape'
          : !host.current?.contains(event.target as Node)
      ) {
        setOpen(false)
        if (event instanceof KeyboardEvent) opener.current?.focus()
      }
    }
    document.addEventListener('pointerdown', leave)
    document.addEventListener('keydown', leave)
    return () => {
      document.removeEventListener('pointerdown', leave)
      document.removeEventListener('keydown', leave)
    }
  }, [open])
  return (
    <div class="menu" ref={host}>
      <button
        ref={opener}
        class={name}
        aria-label={label}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && <div class={wide ? 'menu-box menu-wide' : 'menu-box'}>{children(() => setOpen(false))}</div>}
    </div>
  )
}
