import type { FilterParams } from '../metrics/filter.ts'
import type { Contribution, DimensionAnswer, Explanation, Term, Total, Windows } from './answers.ts'
import type { CountedValue } from './candidates.ts'
import { differenceOf } from './causes.ts'
import type { findCauses, Judged } from './causes.ts'
import { conditionOf } from './dimensions.ts'
import { headlineOf } from './headline.ts'
import { figuresSql, seriesSql } from './sql.ts'
import type { Ask, Counting } from './sql.ts'
import type { Figures } from './statistics.ts'
import { seriesIn } from './whole.ts'
import type { Whole } from './whole.ts'
import { iso } from './windows.ts'
import type { Span } from './windows.ts'

interface Known {
  counting: Counting
  whole: Whole
  threshold_ms: number | null
  filters: FilterParams
}

const mostOthers = 8
const mostRows = 100_000

/** Writes down what was found about a difference. */
export function conclude({ counting, whole, threshold_ms, filters }: Known) {
  const { measure, windows } = counting
  const { chance, format } = whole
  const span = ({ from_ms, to_ms }: Span) => ({ from: iso(from_ms), to: iso(to_ms) })
  const figuresOf = (figures: Pick<Figures, 'selection' | 'baseline'>) => ({
    selection: figures.selection,
    baseline: figures.baseline,
    expected: rounded(figures.baseline * chance.scale),
    difference: rounded(differenceOf(figures, chance)),
  })
  const said: Windows = {
    measure: measure.name,
    unit: measure.unit,
    threshold_ms,
    format,
    selection: span(windows.selection),
    baseline: { kind: windows.kind, spans: windows.baseline.map(span) },
  }
  const total: Total = {
    ...figuresOf(whole.figures),
    change: whole.change,
    step_seconds: windows.step_ms / 1000,
    series: whole.series,
    sql: figuresSql(counting, []),
  }

  async function explain(
    ask: Ask,
    found: ReturnType<typeof findCauses>,
    candidates: readonly Term[],
  ): Promise<Omit<Explanation, 'notes' | 'coverage'>> {
    const others = found.others.slice(0, mostOthers)
    const shown = [...found.causes.flatMap((cause) => [cause, ...cause.folded]), ...others]
    const seriesOf = await readSeries(ask, shown, candidates)
    const contributionOf = (set: Judged): Contribution => {
      const figures = figuresOf(set.figures)
      return {
        terms: [...set.terms],
        ...figures,
        share_percent: rounded((100 * figures.difference) / (total.difference || 1)),
        surprise: rounded(set.surprise),
        series: seriesOf(set),
        sql: figuresSql(counting, set.terms.map(conditionOf)),
      }
    }
    const causes = found.causes.map((cause) => ({
      ...contributionOf(cause),
      within: cause.within.map(({ term, share }) => ({ ...term, share_percent: rounded(100 * share) })),
      folded: cause.folded.map(contributionOf),
    }))
    const { words } = measure
    const narrowed = Object.entries(filters).flatMap(([name, value]) =>
      value === undefined || name === 'format' ? [] : `${name} ${value}`,
    )
    return {
      headline: headlineOf({
        measure: measure.name,
        unit: measure.unit,
        words,
        total,
        causes,
        filters: narrowed,
      }),
      ...said,
      total,
      causes,
      others: others.map(contributionOf),
      stands_out: causes.length > 0,
    }
  }

  async function readSeries(ask: Ask, shown: readonly Judged[], candidates: readonly Term[]) {
    const used = candidates
      .map((term, bit) => ({ term, bit: 2 ** bit }))
      .filter(({ bit }) => shown.some(({ mask }) => mask & bit))
    const conditions = used.map(({ term }) => conditionOf(term))
    const { rows } = used.length === 0 ? { rows: [] } : await ask(seriesSql(counting, conditions), mostRows)
    return ({ mask }: Judged) => {
      const own = used.reduce((sum, { bit }, at) => sum + (mask & bit ? 2 ** at : 0), 0)
      return seriesIn(
        rows.filter((row) => (Number(row[1]) & own) === own),
        windows,
        { at: 2, amount: 3 },
      )
    }
  }

  return {
    windows: said,
    total,
    valueOf: ({ term, ...figures }: CountedValue): DimensionAnswer['values'][number] => ({
      ...term,
      ...figuresOf(figures),
    }),
    explain,
  }
}

// Of what was multiplied and divided, no more than it means.
function rounded(value: number): number {
  return Number(value.toPrecision(6))
}
