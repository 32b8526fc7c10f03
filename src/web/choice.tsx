interface ChoiceProps<Value extends string> {
  /** What is chosen, for those who do not see it. */
  label: string
  /** The values, or what each is called. */
  options: readonly Value[] | Readonly<Record<Value, string>>
  chosen: Value
  onChoose: (value: Value) => void
  class?: string
}

/** One of a few values, as buttons side by side. */
export function Segments<Value extends string>(props: ChoiceProps<Value>) {
  const { label, options, chosen, onChoose, class: name = 'segments small' } = props
  return (
    <div class={name} role="group" aria-label={label}>
      {namedOf(options).map(([value, title]) => (
        <button type="button" key={value} aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {title}
        </button>
      ))}
    </div>
  )
}

/** One of several values, as a list to pull down. */
export function Select<Value extends string>(props: ChoiceProps<Value>) {
  const { label, options, chosen, onChoose, class: name = 'select' } = props
  return (
    <select
      class={name}
      aria-label={label}
      value={chosen}
      onChange={(event) => onChoose(event.currentTarget.value as Value)}
    >
      {namedOf(options).map(([value, title]) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </select>
  )
}

function namedOf<Value extends string>(options: ChoiceProps<Value>['options']): [Value, string][] {
  if (Array.isArray(options)) return options.map((value: Value) => [value, value])
  return Object.entries(options) as [Value, string][]
}
