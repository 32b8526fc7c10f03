import { refreshed, retry_at_ms, toldOnce } from './failures.ts'
import { Icon } from './icon.tsx'
import { useNow } from './use-now.ts'

/** Says once what several parts of the page suffer from, and when it is tried again. */
export function Banner() {
  const now_ms = useNow(1000)
  const at_ms = retry_at_ms.value
  const seconds = at_ms === null ? null : Math.max(0, Math.ceil((at_ms - now_ms) / 1000))
  return (
    <>
      {toldOnce.value.map(({ message, hint, requestId }) => (
        <div key={message} class="banner" role="alert">
          <Icon name="warning" />
          <p>
            <strong>{message}</strong>
            {hint && seconds === null && ` ${hint}`} <span class="faint">{requestId}</span>
          </p>
          {seconds !== null && (
            <span class="faint num" aria-live="off">
              {seconds === 0 ? 'trying again…' : `trying again in ${seconds} s`}
            </span>
          )}
          <button class="button small" onClick={() => refreshed.value++}>
            Try now
          </button>
        </div>
      ))}
    </>
  )
}
