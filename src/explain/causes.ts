import type { Term } from './answers.ts'
import { dimensionOf } from './dimensions.ts'
import { addTo, changeOf, evidenceOf, leastEvidence, noFigures, surpriseOf } from './statistics.ts'
import type { Chance, Figures } from './statistics.ts'

/** Rows that the same candidates hold for: bit n of `mask` is candidate n. */
export interface MaskedFigures extends Figures {
  mask: number
}

/** One value, or two together, with their figures among all rows. */
export interface Judged {
  terms: readonly Term[]
  mask: number
  figures: Figures
  surprise: number
  /** Its difference as a share of the larger whole. */
  effect: number
  stands_out: boolean
  score: number
}

export interface FoundCause extends Judged {
  within: { term: Term; share: number }[]
  folded: Judged[]
}

export interface Question {
  rows: readonly MaskedFigures[]
  candidates: readonly Term[]
  whole: Figures
  chance: Chance
  /** Which way the whole has changed: 1, or -1; 0: by no more than chance, and there is nothing to explain. */
  direction: number
}

const leastEffect = 0.1
const leastShift = 0.05
const mostCauses = 5
// Two values say more than one only if they are clearly better.
const pairMargin = 1.15
const pairedAtMost = 10

/**
 * What explains a difference, one after the other: the value (or pair) with the largest product of effect and surprise is
 * a cause; then its rows are taken out of both windows, and whatever no longer stands out is folded under it, for it only
 * came along. `others` never stood out.
 */
export function findCauses(question: Question): { causes: FoundCause[]; others: Judged[] } {
  const { rows: all, candidates } = question
  const causes: FoundCause[] = []
  let rows = all
  let open = candidates.map((term, bit) => ({ terms: [term], mask: 2 ** bit }))
  while (causes.length < mostCauses) {
    const standing = open
      .map((set) => judge(set, rows, question))
      .filter(({ stands_out }) => stands_out)
      .toSorted(byScore)
    const [first] = standing
    if (!first) break
    const [pair] = pairsOf(standing.slice(0, pairedAtMost))
      .map((set) => judge(set, rows, question))
      .filter(({ stands_out }) => stands_out)
      .toSorted(byScore)
    const head = pair && pair.score > first.score * pairMargin ? pair : first
    rows = rows.filter(({ mask }) => !holds(mask, head.mask))
    const rest = rows
    const folded = standing.filter(
      (set) => !holds(head.mask, set.mask) && !judge(set, rest, question).stands_out,
    )
    const gone = new Set([head, ...folded].flatMap(({ terms }) => terms))
    open = open.filter(({ terms }) => !terms.some((term) => gone.has(term)))
    const whole = (set: Judged): Judged => ({ ...set, figures: sumOf(set.mask, all) })
    causes.push({ ...whole(head), folded: folded.map(whole), within: withinOf(head, question) })
  }
  const others = open.map((set) => judge(set, all, question)).toSorted(byScore)
  return { causes, others }
}

function judge(
  { terms, mask }: Pick<Judged, 'terms' | 'mask'>,
  rows: readonly MaskedFigures[],
  { whole, chance, direction }: Question,
): Judged {
  const { part: figures, rest } = splitBy(mask, rows)
  const shareOf = (name: 'selection' | 'baseline'): number =>
    figures[name] === 0 ? 0 : figures[name] / (figures[name] + rest[name])
  const before = shareOf('baseline')
  // Where nothing is left, nothing has shifted.
  const now = figures.selection + rest.selection === 0 ? before : shareOf('selection')
  const difference = differenceOf(figures, chance)
  const largest = Math.max(whole.selection, whole.baseline * chance.scale)
  const effect = largest === 0 ? 0 : Math.abs(difference) / largest
  const surprise = surpriseOf(before, now)
  const weights = terms.map(
    ({ dimension, value }) => dimensionOf(dimension).weight * (value === null ? 0.8 : 1),
  )
  return {
    terms,
    mask,
    figures,
    surprise,
    effect,
    stands_out:
      effect >= leastEffect &&
      (now - before) * Math.sign(difference) >= leastShift &&
      direction * difference > 0 &&
      changeOf(figures, chance) >= leastEvidence &&
      evidenceOf(figures, rest, chance) >= leastEvidence,
    score: surprise * effect * Math.max(...weights),
  }
}

/** What most of a cause's difference holds for too, of each dimension one value. */
function withinOf(head: Judged, { rows, candidates, chance }: Question): FoundCause['within'] {
  const whole = differenceOf(sumOf(head.mask, rows), chance)
  const known = new Set(head.terms.map(({ dimension }) => dimension))
  const shares = candidates
    .map((term, bit) => ({ term, share: differenceOf(sumOf(head.mask | (2 ** bit), rows), chance) / whole }))
    .filter(({ term, share }) => !known.has(term.dimension) && share >= 0.5)
    .toSorted((a, b) => b.share - a.share)
  return shares.filter(
    ({ term }, at) => shares.findIndex((one) => one.term.dimension === term.dimension) === at,
  )
}

/** By how much the selection differs from the scaled baseline. */
export function differenceOf(
  { selection, baseline }: Pick<Figures, 'selection' | 'baseline'>,
  { scale }: Pick<Chance, 'scale'>,
): number {
  return selection - baseline * scale
}

function pairsOf(sets: readonly Judged[]): Pick<Judged, 'terms' | 'mask'>[] {
  return sets.flatMap((one, at) =>
    sets.slice(at + 1).flatMap((other) => {
      const columns = [...one.terms, ...other.terms].map(({ dimension }) => dimensionOf(dimension).column)
      if (new Set(columns).size < columns.length) return []
      return { terms: [...one.terms, ...other.terms], mask: one.mask | other.mask }
    }),
  )
}

function sumOf(mask: number, rows: readonly MaskedFigures[]): Figures {
  return splitBy(mask, rows).part
}

function splitBy(mask: number, rows: readonly MaskedFigures[]): { part: Figures; rest: Figures } {
  const [part, rest] = [noFigures(), noFigures()]
  for (const row of rows) addTo(holds(row.mask, mask) ? part : rest, row)
  return { part, rest }
}

function holds(mask: number, all: number): boolean {
  return (mask & all) === all
}

function byScore(a: Judged, b: Judged): number {
  return b.score - a.score
}
