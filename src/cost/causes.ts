import type { LogFormat } from '../log-formats.ts'
import type { Cause, CauseName, Causes } from './answers.ts'
import { egressUsdBeyondAllowance } from './price-list.ts'
import type { PriceList } from './price-list.ts'
import type { AskRows } from './usage.ts'

const top = 10
/** What a cause is called by; buckets come from the rollup, which is faster. */
const values: Record<Exclude<CauseName, 'bucket'>, string> = {
  prefix: 'key_prefix',
  requester: 'requester',
  client: 'remote_ip',
  site: "split_part(referer, '/', 3)",
  agent: 'user_agent',
}

/** SQL of the ten largest causes of one kind: format, bucket (of a prefix), value, requests, bytes_sent. */
function causeSql(by: CauseName): string {
  const [from, value, figures] =
    by === 'bucket'
      ? ['requests_1m', 'bucket', 'sum(AllRequests) AS requests, sum(BytesDownloaded) AS bytes_sent']
      : ['operations', values[by], 'count() AS requests, sum(bytes_sent) AS bytes_sent']
  const named = by === 'prefix' ? 'format, bucket' : 'format'
  const where = by === 'bucket' ? '' : '\nWHERE is_request AND bytes_sent > 0'
  return `SELECT ${named}, ${value} AS value, ${figures}
FROM ${from}${where}
GROUP BY ${named}, value
ORDER BY bytes_sent DESC, ${named}, value LIMIT ${top}`
}

/** Whom the egress of a window is due to. `usd`: what egress costs there, of which each bears its share of the bytes. */
export async function readCauses(
  ask: AskRows,
  by: CauseName,
  window: { from_ms: number; to_ms: number },
  egress: { bytes: number; usd: number | null; prices: PriceList },
): Promise<Causes> {
  const { rows, proof } = await ask(causeSql(by), window)
  return {
    by,
    proof,
    rows: rows.map((row): Cause => {
      const [format, bucket, value, requests, sent] = by === 'prefix' ? row : [row[0], null, ...row.slice(1)]
      const bytes_sent = Number(sent)
      const share = egress.bytes === 0 ? 0 : Math.min(1, bytes_sent / egress.bytes)
      return {
        by,
        format: format as LogFormat,
        bucket: bucket === null ? null : String(bucket),
        value: value === null || value === '' ? null : String(value),
        requests: Number(requests),
        bytes_sent,
        share,
        usd: egress.usd === null ? null : egress.usd * share,
        usd_beyond_allowance: egressUsdBeyondAllowance(egress.prices, bytes_sent),
      }
    }),
  }
}
