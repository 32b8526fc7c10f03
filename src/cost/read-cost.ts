import type { Gate } from '../gate/gate.ts'
import type { ReadCoverage } from '../metrics/coverage.ts'
import type { Scope } from '../metrics/filter.ts'
import { silentHours } from '../records/closed.ts'
import { causeNames, changeNames } from './answers.ts'
import type { CostAnswer, CostParams, StoredBucket } from './answers.ts'
import { allowancesOf, partsOf, totalOf } from './breakdown.ts'
import { billOf } from './bill.ts'
import type { Bill, Usage } from './bill.ts'
import { readCauses } from './causes.ts'
import { parseMonth, day_ms, dayOf } from './month.ts'
import type { Month } from './month.ts'
import { flowNames, monthDays, monthOutlook } from './outlook.ts'
import type { Observed } from './outlook.ts'
import { providers } from './prices.ts'
import type { PriceList } from './price-list.ts'
import { unknownsOf } from './unknowns.ts'
import { carried, dayName, readStoredDays, readUsedDays, storedByDay } from './usage.ts'
import type { AskRows, StoredDays } from './usage.ts'
import { changes } from './what-if.ts'

export interface CostAsker {
  scope: Scope
  turns_of: string
  signal?: AbortSignal | undefined
}

/** What the month of a scope costs. Throws InvalidError for no month, and what `Gate.run` throws. */
export type ReadCost = (params: CostParams, asker: CostAsker) => Promise<CostAnswer>

export interface CostOptions {
  gate: Pick<Gate, 'run'>
  readCoverage: ReadCoverage
  prices: PriceList
  now: () => number
}

// Weekdays and a trend are learned from so many days before the month.
const learned_ms = 56 * day_ms
const late_ms = 2 * 3_600_000
const rowsAtMost = 10_000
const usualColdDays = 30

const rolledUp = 'bytes and requests may be a minute old: requests_1m is brought up to date once a minute'

const firstSql = `SELECT bucket, format, min(ts) AS first_request
FROM requests_1m
GROUP BY bucket, format
ORDER BY bucket, format`

export function createReadCost({ gate, readCoverage, prices: own, now }: CostOptions): ReadCost {
  return async ({ month: wanted, provider, cold_after_days = usualColdDays, own_sites }, asker) => {
    const now_ms = now()
    const month = parseMonth(wanted, now_ms)
    const prices = provider === undefined || provider === own.provider ? own : providers[provider]
    const ask = asking(gate, asker)
    const to_ms = Math.min(now_ms, month.to_ms)
    const window = { from_ms: month.from_ms, to_ms }
    const history = { from_ms: month.from_ms - learned_ms, to_ms }
    const back_ms = Math.max(to_ms - history.from_ms, (cold_after_days + 1) * day_ms)
    const [coverage, used, stored, first] = [
      await readCoverage({ ...window, step_ms: day_ms }, asker.scope, { notes: [rolledUp] }),
      await readUsedDays(ask, history),
      await readStoredDays(ask, history),
      await ask(firstSql, { from_ms: to_ms - back_ms, to_ms }),
    ]
    const logged = loggedOf(first.rows)
    const byDay = storedByDay(stored.buckets, dayOf(history.from_ms), dayOf(to_ms - 1) + 1)
    const ofMonth = byDay.filter(({ day }) => day >= dayOf(month.from_ms))
    const newest_ms = coverage.newest_event === null ? 0 : Date.parse(coverage.newest_event)
    const observed: Observed = {
      month,
      now_ms,
      // Six silent hours are a fact.
      closed_ms: Math.min(
        to_ms,
        Math.max(Math.min(newest_ms, now_ms - late_ms), now_ms - silentHours * 3_600_000),
      ),
      used: used.days,
      stored: byDay,
      stored_bytes:
        ofMonth.length === 0 ? null : ofMonth.reduce((sum, { value }) => sum + value, 0) / ofMonth.length,
    }
    const usage = usageSoFar(observed)
    const bill = billOf(prices, usage, (to_ms - month.from_ms) / (month.to_ms - month.from_ms))
    const outlook = monthOutlook(observed)
    const bytes = usage.origin_bytes + usage.cdn_bytes
    const usd =
      bill.origin_egress === null || bill.cdn_egress === null ? null : bill.origin_egress + bill.cdn_egress
    const whole = outlook?.value ?? usage
    const present = {
      prices,
      usage: whole,
      growth: bytes === 0 ? 1 : (whole.origin_bytes + whole.cdn_bytes) / bytes,
      window,
      stored,
      logged,
      coldAfterDays: cold_after_days,
      ownSites: own_sites === undefined ? null : hosts(own_sites),
      now_ms: to_ms,
    }
    const causes: CostAnswer['causes'] = []
    for (const by of causeNames) causes.push(await readCauses(ask, by, window, { bytes, usd, prices }))
    const what_if: CostAnswer['what_if'] = []
    for (const name of changeNames) what_if.push(await changes[name](ask, present))
    const is_over = now_ms >= month.to_ms
    const shown = { prices, usage, bill, outlook, is_over }
    return {
      month: month.name,
      from: new Date(month.from_ms).toISOString(),
      to: new Date(to_ms).toISOString(),
      days: month.days,
      is_over,
      total: totalOf(shown),
      parts: partsOf(shown, { used: used.proof, stored: stored.proof, window }),
      allowances: allowancesOf(shown),
      by_day: monthDays(observed),
      storage: bucketsOf(stored, { month, to_ms, usd: bill.storage }),
      causes,
      what_if,
      not_known: unknownsOf({ prices, stored, logged, observed, outlook, days: ofMonth.length, coverage }),
      prices,
      coverage,
    }
  }
}

function asking(gate: Pick<Gate, 'run'>, asker: CostAsker): AskRows {
  return async (sql, { from_ms, to_ms }) => {
    const [from, to] = [from_ms, to_ms].map((ms) => new Date(ms).toISOString()) as [string, string]
    const { rows } = await gate.run({ ...asker, sql, from, to, limit: rowsAtMost })
    return { rows, proof: { sql, from, to } }
  }
}

function loggedOf(rows: readonly unknown[][]): Map<string, { first_ms: number; hasCdn: boolean }> {
  const logged = new Map<string, { first_ms: number; hasCdn: boolean }>()
  for (const [name, format, first] of rows) {
    const bucket = String(name)
    const before = logged.get(bucket)
    logged.set(bucket, {
      first_ms: Math.min(before?.first_ms ?? Infinity, Date.parse(String(first))),
      hasCdn: before?.hasCdn === true || format === 'cdn',
    })
  }
  return logged
}

function usageSoFar({ used, month, stored_bytes }: Observed): Usage {
  const days = used.filter(({ day }) => day >= dayOf(month.from_ms))
  const sums = flowNames.map((name) => [name, days.reduce((sum, day) => sum + day[name], 0)] as const)
  return { ...(Object.fromEntries(sums) as Record<(typeof flowNames)[number], number>), stored_bytes }
}

/** What each bucket held on the days of the month that are known, largest first. */
function bucketsOf(
  { buckets }: StoredDays,
  { month, to_ms, usd }: { month: Month; to_ms: number; usd: Bill['storage'] },
): StoredBucket[] {
  const held = [...buckets].flatMap(([bucket, days]) => {
    const known = carried(days, dayOf(month.from_ms), dayOf(to_ms - 1) + 1)
    const newest = days.at(-1)
    if (known.length === 0 || !newest) return []
    const sum = known.reduce((total, { bytes }) => total + bytes, 0)
    return [{ bucket, bytes: sum / known.length, sum, days: known.length, newest: dayName(newest.day) }]
  })
  const all = held.reduce((total, { sum }) => total + sum, 0)
  return held
    .toSorted((a, b) => b.sum - a.sum)
    .map(({ sum, ...bucket }) => ({
      ...bucket,
      usd: usd === null ? null : all === 0 ? 0 : (usd * sum) / all,
    }))
}

function hosts(list: string): string[] {
  return list
    .toLowerCase()
    .split(',')
    .map((host) => host.trim())
    .filter(Boolean)
}
