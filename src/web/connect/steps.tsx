import { CopyButton } from '../how-computed.tsx'
import { Icon } from '../icon.tsx'
import type { IconName } from '../icon.tsx'
import type { LogPlace, Step, StepState } from './checks.ts'

const marks: Record<StepState, { icon: IconName; word: string }> = {
  good: { icon: 'check', word: 'Good' },
  warn: { icon: 'warning', word: 'Look at this' },
  bad: { icon: 'cross', word: 'Missing' },
  wait: { icon: 'more', word: 'Not known yet' },
}

/** What was checked, step by step, with what to do where something is missing. */
export function Steps({ steps, onOffer }: { steps: Step[]; onOffer: (place: LogPlace) => void }) {
  return (
    <ol class="steps" aria-label="What was checked">
      {steps.map(({ title, state, text, fix, offers = [] }) => (
        <li key={title} class={`step step-${state}`}>
          <span class="step-mark" role="img" aria-label={marks[state].word}>
            <Icon name={marks[state].icon} size={15} />
          </span>
          <div class="step-body">
            <strong>{title}</strong>
            <p>{text}</p>
            {offers.length > 0 && (
              <div class="row offers">
                {offers.map((place) => (
                  <button
                    type="button"
                    key={place.bucket}
                    class="button small"
                    onClick={() => onOffer(place)}
                  >
                    Use {place.bucket}/{place.prefix}
                  </button>
                ))}
              </div>
            )}
            {fix && (
              <div class="fix">
                <p>{fix.text}</p>
                <pre class="code wrap" tabIndex={0}>
                  {fix.code}
                </pre>
                <CopyButton text={fix.code} />
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
