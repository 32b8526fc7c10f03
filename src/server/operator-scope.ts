import type { Scope } from '../metrics/filter.ts'
import { sourceId } from '../source-config.ts'
import type { SourceConfig } from '../source-config.ts'
import type { Query } from '../store/query.ts'

/** Which log sources the API key reads. */
export type OperatorScope = () => Promise<Scope>

// As sourceId makes them: those that callers bring tell who could read them, and are longer.
const ownId = /^[0-9a-f]{12}$/
const kept_ms = 60_000

/**
 * The operator's log sources, those of before too, and none that a caller has brought: its rows would be counted twice
 * where it is a part of one of these. All of them where the operator has none.
 */
export function createOperatorScope(
  query: Query,
  ownSources: () => readonly SourceConfig[],
  now: () => number,
): OperatorScope {
  let before: { at_ms: number; sources: Promise<string[]> } | null = null

  async function readBefore(): Promise<string[]> {
    const { rows } = await query('SELECT DISTINCT source FROM log_objects')
    return rows.map(([source]) => String(source)).filter((source) => ownId.test(source))
  }

  return async () => {
    const own = ownSources().map((source) => sourceId(source))
    if (own.length === 0) return null
    if (before === null || now() - before.at_ms > kept_ms) before = { at_ms: now(), sources: readBefore() }
    // While QuestDB is away there are no rows anyway.
    const sources = await before.sources.catch(() => {
      before = null
      return []
    })
    return [...new Set([...own, ...sources])]
  }
}
