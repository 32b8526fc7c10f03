import type { ComponentChildren } from 'preact'

export interface Bar {
  key: string
  name: ComponentChildren
  /** How long it is. */
  amount: number
  /** The amount as it is written. */
  text: ComponentChildren
  flag?: string | false
  /** What a click does, and what it is called. */
  pick?: { title: string; run: () => void }
}

/** A list of names with bars behind them, as long as their amounts against the largest. */
export function Bars({ bars, bad = false }: { bars: readonly Bar[]; bad?: boolean }) {
  const most = Math.max(1, ...bars.map(({ amount }) => amount))
  return (
    <ol class="bars">
      {bars.map(({ key, name, amount, text, flag, pick }) => {
        const inside = (
          <>
            <i
              class={bad ? 'bar-fill bar-fill-bad' : 'bar-fill'}
              style={{ width: `${(100 * amount) / most}%` }}
            />
            <span class="bar-name" title={typeof name === 'string' ? name : undefined}>
              {name}
            </span>
            {flag && <span class="bar-flag">{flag}</span>}
            <span class="bar-value">{text}</span>
          </>
        )
        return (
          <li key={key}>
            {pick ? (
              <button class="bar" title={pick.title} onClick={pick.run}>
                {inside}
              </button>
            ) : (
              <span class="bar">{inside}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
