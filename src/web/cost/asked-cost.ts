import type { AnswerTo } from '../api.ts'
import { navigate, place } from '../location.ts'
import type { Asked } from '../use-answer.ts'

export type Cost = AnswerTo<'GET /cost'>
export type AskedCost = Asked<Cost>

/** Asks with another value; an empty one is what is asked without it. */
export function change(name: string, value: string): void {
  const params = new URLSearchParams(place.value.search)
  if (value) params.set(name, value)
  else params.delete(name)
  const search = params.toString()
  navigate(`/cost${search && `?${search}`}`)
}

/** `November 2026`. */
export function monthName(month: string): string {
  return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )
}
