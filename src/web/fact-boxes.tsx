/** Figures with their names, in boxes side by side. */
export function FactBoxes({
  facts,
  big = false,
}: {
  facts: [title: string, value: string][]
  big?: boolean
}) {
  return (
    <div class="fact-boxes">
      {facts.map(([title, value]) => (
        <div key={title} class="fact-box">
          <span>{title}</span>
          <b class={big ? 'num big' : 'num'}>{value}</b>
        </div>
      ))}
    </div>
  )
}
