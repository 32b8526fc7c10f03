import type { QuestDBAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { until } from './until.ts'

/** Resolves once the rollups hold every visible row, as they do a minute after the last one. */
export async function refreshRollups(address: QuestDBAddress): Promise<void> {
  for (const view of ['operations_1m', 'operations_1h', 'first_bytes_1m', 'first_bytes_1h']) {
    await execute(address, `REFRESH MATERIALIZED VIEW ${view} INCREMENTAL`)
    const current = `SELECT refresh_base_table_txn = base_table_txn FROM materialized_views() WHERE view_name = '${view}'`
    await until(async () => (await execute(address, current))[0]?.[0] === true, {
      timeout_ms: 120_000,
      what: `${view} is current`,
    })
  }
}
