import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { IconButton } from './icon.tsx'

/** A window over the page; Escape and a click beside it close it. `side`: from the right edge, for what is long. */
export function Dialog({
  title,
  onClose,
  children,
  side = false,
  actions,
}: {
  title: string
  onClose: () => void
  children: ComponentChildren
  side?: boolean
  actions?: ComponentChildren
}) {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    box.current?.showModal()
  }, [])
  return (
    <dialog
      ref={box}
      class={side ? 'dialog dialog-side' : 'dialog'}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === box.current && onClose()}
    >
      <div class="dialog-box">
        <header class="dialog-head">
          <h2>{title}</h2>
          <div class="row">
            {actions}
            <IconButton label="Close" icon="close" onClick={onClose} />
          </div>
        </header>
        <div class="dialog-body">{children}</div>
      </div>
    </dialog>
  )
}
