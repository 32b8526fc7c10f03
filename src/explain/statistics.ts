/** What was counted of something in the selection and in its baseline; `squares`: the sum of what each row added, squared. */
export interface Figures {
  selection: number
  baseline: number
  squares: number
}

/** How windows compare: the baseline is multiplied by `scale`; chance is so many times that of single requests. */
export interface Chance {
  scale: number
  overdispersion: number
}

/**
 * Chi-squared of one degree of freedom that chance exceeds once in 100,000 times. A value must also make up a tenth of the
 * whole, which at most ten values of a dimension can: with thirteen dimensions chance alone finds something in one of some
 * 800 quiet pairs of windows.
 */
export const leastEvidence = 19.51

/**
 * A value's part of the Jensen-Shannon divergence between the two windows, of the shares `before` and `now` that it had of
 * the whole: Adtributor's surprise (Bhagwan et al., NSDI 2014), 0 to 0.35. Its share of the difference is explanatory power.
 */
export function surpriseOf(before: number, now: number): number {
  const part = (share: number): number => (share === 0 ? 0 : share * Math.log((2 * share) / (before + now)))
  return 0.5 * (part(before) + part(now))
}

/**
 * The likelihood ratio (G) that figures have not changed as the rest has: of two Poisson counts whose ratio is that of the
 * rest, in units of the mean weight of a row, divided by the overdispersion. `rest` of few rows is taken for unchanged.
 */
export function evidenceOf(part: Figures, rest: Figures, { scale, overdispersion }: Chance): number {
  const unit = unitOf(part)
  const few = 5 * Math.max(unit, unitOf(rest))
  const ratio = (rest.selection + few * scale) / (rest.baseline + few)
  const all = part.selection + part.baseline
  const term = (seen: number, expected: number): number => (seen === 0 ? 0 : seen * Math.log(seen / expected))
  const g = 2 * (term(part.selection, (all * ratio) / (1 + ratio)) + term(part.baseline, all / (1 + ratio)))
  return g / unit / overdispersion
}

/** Chi-squared of one degree of freedom that chance exceeds once in 20 times. */
export const weakEvidence = 3.84

/** As `evidenceOf`, that the whole has not changed at all. */
export function changeOf(whole: Figures, chance: Chance): number {
  return evidenceOf(whole, { selection: 0, baseline: 0, squares: 0 }, chance)
}

/**
 * How much more intervals of a baseline differ from one to the next than counts of independent requests would: the mean
 * squared successive difference (von Neumann, 1941), which a trend does not raise, over the mean. At least 1.
 */
export function overdispersionOf(parts: readonly (readonly number[])[], unit: number): number {
  const steps = parts.flatMap((part) => part.slice(1).map((value, at) => (value - (part[at] ?? 0)) ** 2 / 2))
  const values = parts.flat()
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (steps.length < 8 || !(mean > 0)) return 1
  return Math.max(1, steps.reduce((sum, step) => sum + step, 0) / steps.length / mean / unit)
}

/** What one independent event adds, in the mean: of bytes the size of those that carry the sum. */
export function unitOf({ selection, baseline, squares }: Figures): number {
  const all = selection + baseline
  return all > 0 ? Math.max(squares / all, Number.MIN_VALUE) : 1
}

export function addTo(sum: Figures, { selection, baseline, squares }: Figures): void {
  sum.selection += selection
  sum.baseline += baseline
  sum.squares += squares
}

export function noFigures(): Figures {
  return { selection: 0, baseline: 0, squares: 0 }
}
