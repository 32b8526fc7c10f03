import type { Term } from './answers.ts'
import { dimensionOf } from './dimensions.ts'
import { surpriseOf } from './statistics.ts'
import type { Figures } from './statistics.ts'
import type { Whole } from './whole.ts'

/** A value of a dimension as one pass over the rows counted it. */
export interface CountedValue extends Pick<Figures, 'selection' | 'baseline'> {
  term: Term
}

// Of less nothing is said anyway.
const leastEffect = 0.02
const mostOfOne = 3
// As bits of one number, and as text of one query.
const mostCandidates = 24
const mostCharacters = 6_000

/** The values that may explain a difference: of each dimension the largest change and the most telling ones, 24 in all. */
export function chooseCandidates(
  values: readonly CountedValue[],
  whole: Pick<Whole, 'figures' | 'chance'>,
): CountedValue[] {
  const { figures, chance } = whole
  const largest = Math.max(figures.selection, figures.baseline * chance.scale)
  const shareOf = (part: number, all: number): number => (all === 0 ? 0 : part / all)
  const rated = values
    .map((value) => {
      const effect = Math.abs(value.selection - value.baseline * chance.scale) / largest
      const before = shareOf(value.baseline, figures.baseline)
      const now = figures.selection === 0 ? before : value.selection / figures.selection
      const score = effect * surpriseOf(before, now) * dimensionOf(value.term.dimension).weight
      return { value, effect, score }
    })
    .filter(({ effect }) => effect >= leastEffect)
  const chosen = [...Map.groupBy(rated, ({ value }) => value.term.dimension).values()].flatMap((own) => {
    const [most] = own.toSorted((a, b) => b.effect - a.effect)
    const telling = own.toSorted((a, b) => b.score - a.score).slice(0, mostOfOne)
    return [...new Set(most ? [most, ...telling] : telling)]
  })
  let characters = 0
  return chosen
    .toSorted((a, b) => b.score - a.score)
    .filter(({ value }) => (characters += value.term.value?.length ?? 0) <= mostCharacters)
    .slice(0, mostCandidates)
    .map(({ value }) => value)
}
