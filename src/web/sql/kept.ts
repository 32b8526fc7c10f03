import { signal } from '@preact/signals'

export interface PastQuery {
  sql: string
  at_ms: number
  rows: number | null
  elapsed_ms: number | null
}

export interface SavedQuery {
  name: string
  sql: string
}

const most = 50

function read<T>(name: string): T[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? '[]')
    return Array.isArray(kept) ? (kept as T[]) : []
  } catch {
    return []
  }
}

function keep(name: string, values: unknown[]): void {
  try {
    localStorage.setItem(name, JSON.stringify(values))
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

/** Queries of this browser, the newest first; never credentials. */
export const past = signal(read<PastQuery>('spacewatch.past-queries'))
export const saved = signal(read<SavedQuery>('spacewatch.saved-queries'))

export function remember(query: PastQuery): void {
  past.value = [query, ...past.value.filter(({ sql }) => sql !== query.sql)].slice(0, most)
  keep('spacewatch.past-queries', past.value)
}

export function save(name: string, sql: string): void {
  saved.value = [{ name, sql }, ...saved.value.filter((query) => query.name !== name)]
  keep('spacewatch.saved-queries', saved.value)
}

export function forget(name: string): void {
  saved.value = saved.value.filter((query) => query.name !== name)
  keep('spacewatch.saved-queries', saved.value)
}
