import { text } from '../store/sql.ts'
import type { Series } from './answers.ts'
import { squaresSql, wholeSql } from './sql.ts'
import type { Ask, Counting } from './sql.ts'
import {
  addTo,
  changeOf,
  leastEvidence,
  noFigures,
  overdispersionOf,
  unitOf,
  weakEvidence,
} from './statistics.ts'
import type { Chance, Figures } from './statistics.ts'
import type { Windows } from './windows.ts'

/** All rows that count, of the one format that is explained. */
export interface Whole {
  format: string | null
  counting: Counting
  figures: Figures
  chance: Chance
  /** How it differs from the baseline: by no more than chance, as a step of a trend from before to after, or really. */
  change: 'none' | 'trend' | 'real'
  series: Series
}

/**
 * Reads the whole per interval. Where no filter says which, it is the format whose figure differs most: a request that the
 * CDN had to pass on is in both, so that they are never added up.
 */
export async function readWhole(ask: Ask, counting: Counting): Promise<Whole> {
  const { windows } = counting
  const { rows } = await ask(wholeSql(counting), 10_000)
  const formats = [...Map.groupBy(rows, (row) => String(row[1]))].map(([format, own]) => {
    const figures = noFigures()
    for (const [part, , , amount, squares] of own)
      addTo(figures, {
        selection: part === 0 ? Number(amount) : 0,
        baseline: part === 0 ? 0 : Number(amount),
        squares: Number(squares),
      })
    return { format, figures, series: seriesIn(own, windows, { at: 2, amount: 3 }) }
  })
  const differenceOf = ({ figures }: { figures: Figures }): number =>
    Math.abs(figures.selection - figures.baseline * windows.scale)
  const [first] = formats.toSorted((a, b) => differenceOf(b) - differenceOf(a))
  const { format, figures, series } = first ?? {
    format: null,
    figures: noFigures(),
    series: seriesIn([], windows, { at: 2, amount: 3 }),
  }
  const own = format === null ? [] : [`format = ${text(format)}`]
  const known = { ...counting, conditions: [...new Set([...own, ...counting.conditions])] }
  if (format !== null && counting.measure.clustered)
    figures.squares = Number((await ask(squaresSql(known))).rows[0]?.[0])
  const overdispersion = overdispersionOf(series.baseline, unitOf(figures))
  const chance = { scale: windows.scale, overdispersion }
  return {
    format,
    counting: known,
    figures,
    chance,
    change: changeIn(figures, series, { windows, chance }),
    series,
  }
}

/** What lies between the hours before and those after is no event of its own: it must differ from both, the same way. */
function changeIn(
  whole: Figures,
  { baseline }: Series,
  { windows, chance }: { windows: Windows; chance: Chance },
): Whole['change'] {
  if (changeOf(whole, chance) < leastEvidence) return 'none'
  const direction = Math.sign(whole.selection - whole.baseline * chance.scale)
  const { from_ms, to_ms } = windows.selection
  const agree = windows.baseline.every((span, part) => {
    const scale = (to_ms - from_ms) / (span.to_ms - span.from_ms)
    const own = (baseline[part] ?? []).reduce((sum, value) => sum + value, 0)
    const squares = unitOf(whole) * (whole.selection + own)
    const evidence = changeOf({ ...whole, baseline: own, squares }, { ...chance, scale })
    return evidence >= weakEvidence && Math.sign(whole.selection - own * scale) === direction
  })
  return agree ? 'real' : 'trend'
}

/** The amounts of rows by part and interval; rows begin with their part. */
export function seriesIn(
  rows: readonly (readonly unknown[])[],
  { selection, baseline, step_ms }: Windows,
  places: { at: number; amount: number },
): Series {
  const parts = [selection, ...baseline].map(({ from_ms, to_ms }, part) => {
    const values = Array.from({ length: Math.ceil((to_ms - from_ms) / step_ms) }, () => 0)
    for (const row of rows) {
      const at = Math.round((Date.parse(String(row[places.at])) - from_ms) / step_ms)
      if (row[0] === part && values[at] !== undefined) values[at] += Number(row[places.amount])
    }
    return values
  })
  const [own = [], ...others] = parts
  return { selection: own, baseline: others }
}
