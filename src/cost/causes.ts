import type { LogFormat } from '../log-formats.ts'
import type { Cause, CauseName, Causes } from './answers.ts'
import { egressUsdBeyondAllowance } from './price-list.ts'
import type { PriceList } from './price-list.ts'
import type { AskRows } from './usage.ts'

const top = 10
const ofRequests = 'FROM operations\nWHERE is_request AND bytes_sent > 0'

/** The value that each cause stands for, where it is no column of its own. */
const values: Record<Exclude<CauseName, 'bucket' | 'prefix'>, string> = {
  requester: 'requester',
  client: 'remote_ip',
  site: "split_part(referer, '/', 3)",
  agent: 'user_agent',
}

/** SQL of the ten largest causes of one kind: format, bucket, value, requests, bytes_sent. */
function causeSql(by: CauseName): string {
  const figures = 'count() AS requests, sum(bytes_sent) AS bytes_sent'
  const order = 'ORDER BY bytes_sent DESC, format, bucket, value'
  if (by === 'bucket')
    return `SELECT format, bucket, bucket AS value, sum(AllRequests) AS requests, sum(BytesDownloaded) AS bytes_sent
FROM requests_1m
GROUP BY format, bucket
${order} LIMIT ${top}`
  if (by === 'prefix')
    return `SELECT format, bucket, key_prefix AS value, ${figures}
${ofRequests}
GROUP BY format, bucket, value
${order} LIMIT ${top}`
  return `SELECT format, ${values[by]} AS value, ${figures}
${ofRequests}
GROUP BY format, value
${order.replace(' bucket,', '')} LIMIT ${top}`
}

/** Whom the egress of a window is due to. `usd`: what egress costs there, of which each bears its share of the bytes. */
export async function readCauses(
  ask: AskRows,
  by: CauseName,
  window: { from_ms: number; to_ms: number },
  egress: { bytes: number; usd: number | null; prices: PriceList },
): Promise<Causes> {
  const { rows, proof } = await ask(causeSql(by), window)
  const hasBucket = by === 'bucket' || by === 'prefix'
  return {
    by,
    proof,
    rows: rows.map((row): Cause => {
      const [format, bucket, value, requests, sent] = hasBucket ? row : [row[0], null, ...row.slice(1)]
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
