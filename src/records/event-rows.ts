import { InvalidError } from '../errors.ts'
import { eventRuleNames } from '../event-rules.ts'
import { eventSeverities, eventStates } from '../metrics/answers.ts'
import type { EventRows } from '../metrics/answers.ts'
import { parseFilters, whole } from '../metrics/filter.ts'
import type { Scope } from '../metrics/filter.ts'
import { parseWindow } from '../metrics/window.ts'
import type { WindowParams } from '../metrics/window.ts'
import type { Query } from '../store/query.ts'
import { list, text, timestamp } from '../store/sql.ts'

export interface EventRowsParams extends Omit<WindowParams, 'step'> {
  /** `info`, `warning` or `critical`, several with commas; as are rule and state. */
  severity?: string | undefined
  rule?: string | undefined
  state?: string | undefined
  bucket?: string | undefined
  /** 100 by default, at most 1000. */
  limit?: number | undefined
  /** `next_cursor` of the page before. */
  cursor?: string | undefined
}

/** The last seven days by default. A scope sees the events of its sources' buckets; null sees those of SpaceWatch too. */
export type ReadEventRows = (params: EventRowsParams, scope: Scope) => Promise<EventRows>

const known: Record<'severity' | 'rule' | 'state', readonly string[]> = {
  severity: eventSeverities,
  rule: eventRuleNames,
  state: eventStates,
}

export function createEventRows({ query, now }: { query: Query; now: () => number }): ReadEventRows {
  return async (params, scope) => {
    const { from_ms, to_ms } = parseWindow({ ...params, from: params.from ?? '7d' }, now(), false)
    const limit = whole('limit', params.limit ?? 100, 1, 1000)
    const conditions = [
      `ts >= ${timestamp(from_ms)}`,
      `ts < ${timestamp(to_ms)}`,
      ...parseFilters({ bucket: params.bucket }, scope).map(({ sql }) => sql),
      ...(['severity', 'rule', 'state'] as const).flatMap((name) => oneOf(name, params[name])),
      ...(params.cursor === undefined ? [] : [after(params.cursor)]),
    ]
    const sql = `SELECT ts, id, rule, severity, state, source, format, bucket, measure, unit, before, after,
  started_at, ended_at, detected_at, updated_at, delivery, delivered_at
FROM events WHERE ${conditions.join(' AND ')}
ORDER BY ts DESC, id DESC LIMIT ${limit + 1}`
    const { columns, rows } = await query(sql)
    const last = rows[limit - 1]
    const next_cursor =
      rows.length > limit && last ? Buffer.from(`${last[0]} ${last[1]}`).toString('base64url') : null
    return { columns, rows: rows.slice(0, limit), sql, next_cursor }
  }
}

function oneOf(name: keyof typeof known, value: string | undefined): string[] {
  if (value === undefined) return []
  const values = value.split(',')
  const unknown = values.find((one) => !known[name].includes(one))
  if (unknown === undefined) return [`${name} IN ${list(values)}`]
  throw new InvalidError(`Cannot filter by ${name} '${unknown}'`, `write one of ${known[name].join(', ')}`)
}

function after(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString()
  const [, ts = '', id = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([0-9a-f]{32})$/.exec(place) ?? []
  if (Number.isNaN(Date.parse(ts))) {
    throw new InvalidError('Cannot use this cursor', 'pass next_cursor of the page before, unchanged')
  }
  return `(ts < ${text(ts)} OR (ts = ${text(ts)} AND id < ${text(id)}))`
}
