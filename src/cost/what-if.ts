import type { ChangeName, Proof, WhatIf } from './answers.ts'
import { billOf, sumOf } from './bill.ts'
import type { Usage } from './bill.ts'
import { crawlerPattern } from './crawlers.ts'
import { day_ms, dayOf } from './month.ts'
import { egressUsdBeyondAllowance, gigabytes, usdBeyondAllowance } from './price-list.ts'
import type { PriceList } from './price-list.ts'
import { carriedDays, dayName } from './usage.ts'
import type { AskRows, StoredDays } from './usage.ts'

/** What changes are counted from. */
export interface Present {
  prices: PriceList
  /** Of the whole month: its forecast, or what there is of it. */
  usage: Usage
  /** How many times what was sent so far the whole month will send. */
  growth: number
  window: { from_ms: number; to_ms: number }
  stored: StoredDays
  /** By bucket: its oldest logged request, and whether a CDN is before it. */
  logged: Map<string, { first_ms: number; hasCdn: boolean }>
  coldAfterDays: number
  /** Hosts that may link; null: nobody has said. */
  ownSites: readonly string[] | null
  now_ms: number
}

const repeatedSql = `SELECT bucket, sum(sent) - sum(once) AS repeated_bytes, sum(once) AS once_bytes, sum(gets) AS gets
FROM (
  SELECT bucket, key, count() AS gets, sum(bytes_sent) AS sent, max(bytes_sent) AS once
  FROM operations
  WHERE is_request AND format = 's3' AND class = 'read' AND method = 'GET' AND status = 200 AND requester IS NULL AND auth_type IS NULL AND key IS NOT NULL
  GROUP BY bucket, key
)
WHERE gets > 1
GROUP BY bucket
ORDER BY bucket`

const touchedSql = `SELECT bucket, count(key) AS objects, sum(bytes) AS bytes
FROM (
  SELECT bucket, key, max(CASE WHEN object_size IS NOT NULL THEN object_size WHEN bytes_received > 0 THEN bytes_received ELSE bytes_sent END) AS bytes
  FROM operations
  WHERE is_request AND status < 400 AND key IS NOT NULL AND class IN ('read', 'write', 'copy')
  GROUP BY bucket, key
)
GROUP BY bucket
ORDER BY bucket`

const sitesSql = `SELECT format, bucket, split_part(referer, '/', 3) AS site, count() AS requests, sum(bytes_sent) AS bytes_sent
FROM operations
WHERE is_request AND referer IS NOT NULL
GROUP BY format, bucket, site
ORDER BY bytes_sent DESC, format, bucket, site`

const crawlersSql = `SELECT format, count() AS requests, sum(bytes_sent) AS bytes_sent
FROM operations
WHERE is_request AND user_agent ~ '${crawlerPattern}'
GROUP BY format
ORDER BY format`

/** What a change would save in a whole month, by what was logged and stored, with all that is assumed. */
export const changes: Record<ChangeName, (ask: AskRows, present: Present) => Promise<WhatIf>> = {
  cdn_on: cdnOn,
  cold_storage: coldStorage,
  hotlinks_refused: hotlinksRefused,
  crawlers_refused: crawlersRefused,
}

async function cdnOn(ask: AskRows, present: Present): Promise<WhatIf> {
  const { prices, usage, growth, window, logged } = present
  const { rows, proof } = await ask(repeatedSql, window)
  const behind = rows.filter(([bucket]) => !logged.get(String(bucket))?.hasCdn)
  const [repeated = 0, once = 0] = [1, 2].map((at) => behind.reduce((sum, row) => sum + Number(row[at]), 0))
  const moved = (repeated + once) * growth
  const changed = {
    ...usage,
    origin_bytes: usage.origin_bytes - repeated * growth,
    cdn_bytes: usage.cdn_bytes + moved,
  }
  const known = prices.cdn !== null || moved === 0
  const same =
    prices.cdn?.steps === 'egress'
      ? `; ${prices.provider} asks as much for what the CDN sends as for what the origin sends, and what the CDN fetches is paid too, so that it makes reads faster and takes them off the origin's limits, not off the bill`
      : ''
  return {
    change: 'cdn_on',
    bytes: repeated * growth,
    usd_saved: known ? savedBy(prices, usage, changed) : null,
    usd_saved_beyond_allowance: null,
    assumption: `Anonymous whole GETs of buckets without a CDN that were asked for more than once come from the CDN, which fetches each object once; signed ones are not cached${same}`,
    why: known ? null : `the CDN's price is not known for ${prices.provider}: PRICES_FILE may give it`,
    proof,
  }
}

async function coldStorage(ask: AskRows, present: Present): Promise<WhatIf> {
  const { prices, usage, stored, logged, coldAfterDays, now_ms } = present
  const from_ms = now_ms - coldAfterDays * day_ms
  const { rows, proof } = await ask(touchedSql, { from_ms, to_ms: now_ms })
  const touched = new Map(
    rows.map(([bucket, objects, bytes]) => [
      String(bucket),
      { objects: Number(objects), bytes: Number(bytes) },
    ]),
  )
  const { cold } = prices
  const newest = [...stored.buckets].flatMap(([bucket, days]) => {
    const last = days.at(-1)
    return last && last.day + carriedDays >= dayOf(now_ms) ? [{ bucket, ...last }] : []
  })
  const [known, young] = split(newest, ({ bucket }) => (logged.get(bucket)?.first_ms ?? Infinity) <= from_ms)
  const left = known.map(({ bucket, bytes, objects }) => ({
    bytes: Math.max(0, bytes - (touched.get(bucket)?.bytes ?? 0)),
    objects: Math.max(0, objects - (touched.get(bucket)?.objects ?? 0)),
  }))
  const bytes = left.reduce((sum, one) => sum + one.bytes, 0)
  const objects = left.reduce((sum, one) => sum + one.objects, 0)
  const why =
    cold === null
      ? `the price of cold storage is not known for ${prices.provider}`
      : prices.storage === null || usage.stored_bytes === null
        ? 'what is stored, or its price, is not known'
        : known.length === 0
          ? `the logs of no bucket with a snapshot reach back ${coldAfterDays} days (since ${dayName(dayOf(from_ms))})`
          : null
  const billed = cold ? Math.max(bytes, objects * cold.minimum_object_bytes) : 0
  const saved =
    why === null && cold
      ? savedBy(prices, usage, { ...usage, stored_bytes: Math.max(0, (usage.stored_bytes ?? 0) - bytes) }) -
        gigabytes(prices, billed) * cold.usd_per_gb_month
      : null
  const without =
    young.length === 0
      ? ''
      : `; not counted, as their logs are younger: ${young.map(({ bucket }) => bucket).join(', ')}`
  const least = cold?.minimum_object_bytes
    ? `, each billed as ${cold.minimum_object_bytes / 1024} KiB at least`
    : ''
  return {
    change: 'cold_storage',
    bytes: why === null ? bytes : null,
    usd_saved: saved,
    usd_saved_beyond_allowance:
      saved === null || !prices.storage || !cold
        ? null
        : usdBeyondAllowance(prices.storage.steps) * gigabytes(prices, bytes) -
          gigabytes(prices, billed) * cold.usd_per_gb_month,
    assumption: `What the newest snapshots hold beyond the objects that were read or written in the last ${coldAfterDays} days lies in cold storage${least}, and goes on not being read; moving it there costs nothing; what is deleted within ${cold?.minimum_days ?? 30} days is not priced${without}`,
    why,
    proof,
  }
}

async function hotlinksRefused(ask: AskRows, present: Present): Promise<WhatIf> {
  const { ownSites, window } = present
  const { rows, proof } = await ask(sitesSql, window)
  const sites = rows.flatMap(([format, bucket, site, requests, bytes_sent]) =>
    site === null || site === ''
      ? []
      : [
          {
            format,
            bucket: String(bucket),
            site: String(site).toLowerCase(),
            requests: Number(requests),
            bytes: Number(bytes_sent),
          },
        ],
  )
  const own = new Set(ownSites ?? mostAsking(sites))
  const foreign = sites.filter(({ site }) => !own.has(site))
  const names = own.size === 0 ? 'none' : [...own].toSorted().join(', ')
  return {
    change: 'hotlinks_refused',
    ...refused(present, foreign, proof),
    assumption: `Requests that other sites link to get nothing. Yours: ${names}${ownSites ? '' : ', as each sends most requests to a bucket; name yours with own_sites'}`,
  }
}

async function crawlersRefused(ask: AskRows, present: Present): Promise<WhatIf> {
  const { rows, proof } = await ask(crawlersSql, present.window)
  const crawled = rows.map(([format, , bytes_sent]) => ({ format, bytes: Number(bytes_sent) }))
  return {
    change: 'crawlers_refused',
    ...refused(present, crawled, proof),
    assumption:
      'Agents that call themselves bot, crawler, spider or slurp get nothing; search engines no longer find what they read',
  }
}

function refused(
  { prices, usage, growth }: Present,
  sent: readonly { format: unknown; bytes: number }[],
  proof: Proof,
): Omit<WhatIf, 'change' | 'assumption'> {
  const of = (name: string): number =>
    growth * sent.reduce((sum, { format, bytes }) => sum + (format === name ? bytes : 0), 0)
  const [origin, cdn] = [of('s3'), of('cdn')]
  const changed = { ...usage, origin_bytes: usage.origin_bytes - origin, cdn_bytes: usage.cdn_bytes - cdn }
  const bill = billOf(prices, usage, 1)
  const known = bill.origin_egress !== null && bill.cdn_egress !== null
  return {
    bytes: origin + cdn,
    usd_saved: known ? savedBy(prices, usage, changed) : null,
    usd_saved_beyond_allowance: egressUsdBeyondAllowance(prices, origin + cdn),
    why: known ? null : `the price of egress is not known for ${prices.provider}`,
    proof,
  }
}

function savedBy(prices: PriceList, usage: Usage, changed: Usage): number {
  return sumOf(billOf(prices, usage, 1)).usd - sumOf(billOf(prices, changed, 1)).usd
}

/** The site of each bucket that sends most requests to it. */
function mostAsking(sites: readonly { bucket: string; site: string; requests: number }[]): string[] {
  return [...Map.groupBy(sites, ({ bucket }) => bucket).values()].map((all) => {
    const counts = new Map<string, number>()
    for (const { site, requests } of all) counts.set(site, (counts.get(site) ?? 0) + requests)
    const [first = ['']] = [...counts].toSorted(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
    return first[0]
  })
}

function split<Item>(items: readonly Item[], is: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(is), items.filter((item) => !is(item))]
}
