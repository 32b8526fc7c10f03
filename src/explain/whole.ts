import { text } from '../store/sql.ts'
import type { Series } from './answers.ts'
import { wholeSql } from './sql.ts'
import type { Ask, Counting } from './sql.ts'
import { addTo, noFigures, overdispersionOf, unitOf } from './statistics.ts'
import type { Chance, Figures } from './statistics.ts'
import type { Windows } from './windows.ts'

/** All rows that count, of the one format that is explained. */
export interface Whole {
  format: string | null
  counting: Counting
  figures: Figures
  chance: Chance
  /** How many rows are one independent event. */
  weight: number
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
  const overdispersion = overdispersionOf(series.baseline, unitOf(figures))
  return {
    format,
    counting: { ...counting, conditions: [...new Set([...own, ...counting.conditions])] },
    figures,
    chance: { scale: windows.scale, overdispersion },
    weight: 1,
    series,
  }
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
