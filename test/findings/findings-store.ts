import { providers } from '../../src/cost/prices.ts'
import { detectors } from '../../src/findings/detectors.ts'
import type { Detector } from '../../src/findings/detector.ts'
import { startFinder } from '../../src/findings/finder.ts'
import { createFindings } from '../../src/findings/read-findings.ts'
import { createSightings } from '../../src/findings/sightings.ts'
import { readThresholds } from '../../src/findings/thresholds.ts'
import { createGate } from '../../src/gate/gate.ts'
import { createLog } from '../../src/log.ts'
import type { Operation } from '../../src/logs/record.ts'
import { parseWindow } from '../../src/metrics/window.ts'
import { createTurns } from '../../src/server/turns.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { healthySource } from '../server/test-app.ts'
import type { TestQuestDB } from '../support/servers.ts'
import type { Snapshot } from './plant.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

const objectOf_ms = 600_000
const batch = 20_000

/** How a log object came. */
export interface PutObject {
  delivered_ms: number
  refused: number
}

/** A real QuestDB with sources that a finder judges by a clock of the test's own. */
export async function openFindingsStore(clock: { now_ms: number }, server?: TestQuestDB) {
  const store = await openTestStore(server)
  const now = (): number => clock.now_ms
  const gate = createGate({
    pool: store,
    turns: createTurns({ at_once: 2, waiting: 10, total: 2, wait_ms: 40_000 }),
    readWindow: (given) => parseWindow(given, now(), false),
  })
  const rowBuffer = createRowBuffer()

  /** Stores rows, with a log object for each ten minutes of them that was delivered soon after, unless that is changed. */
  async function put(
    source: string,
    operations: readonly Operation[],
    change: (object: PutObject) => PutObject = (object) => object,
  ): Promise<void> {
    for (let at = 0; at < operations.length; at += batch) {
      const { bytes } = rowBuffer.append(operations.slice(at, at + batch), originOf(source, 'object'))
      const rejected = await store.write(bytes)
      if (rejected.length > 0) throw new Error(`QuestDB rejects ${JSON.stringify(rejected[0])}`)
    }
    const parts = Map.groupBy(operations, ({ ts }) => Math.floor(ts / 1000 / objectOf_ms) * objectOf_ms)
    const rows = [...parts].map(([from_ms, all]) => {
      const times = all.map(({ ts }) => ts / 1000)
      const newest_ms = times.reduce((a, b) => Math.max(a, b))
      const oldest_ms = times.reduce((a, b) => Math.min(a, b))
      const usual = { delivered_ms: from_ms + objectOf_ms + 60_000, refused: 0 }
      const { delivered_ms, refused } = change(usual)
      return {
        ts_ms: delivered_ms,
        symbols: { source, state: 'done' },
        columns: {
          key: `log-${from_ms}-${delivered_ms}`,
          etag: 'e',
          rows: all.length,
          lines: all.length + refused,
          refused,
          oldest_event: new Date(oldest_ms),
          newest_event: new Date(newest_ms),
          ingested_at: new Date(delivered_ms),
        },
      }
    })
    await store.appender.append('log_objects', rows)
    await store.visible()
  }

  async function putSnapshots(source: string, snapshots: readonly Snapshot[]): Promise<void> {
    const rows = snapshots.map(({ at_ms, bucket, objects, bytes }) => ({
      ts_ms: at_ms,
      symbols: { source, bucket },
      columns: { objects, bytes, truncated: false },
    }))
    await store.appender.append('snapshots', rows)
    await store.visible()
  }

  const reading = (all: readonly Detector[], waiting: () => ReadonlyMap<string, number> = () => new Map()) =>
    createFindings({
      query: store.query,
      gate,
      sightings: createSightings(store.query, store.appender.append),
      detectors: all,
      thresholds: readThresholds(all, null),
      prices: providers.spaces,
      waiting,
      now,
    })

  return {
    store,
    gate,
    put,
    putSnapshots,
    findings: reading(detectors),
    reading,
    find(source: string, all: readonly Detector[] = detectors) {
      return startFinder({
        query: store.query,
        append: store.appender.append,
        gate,
        detectors: all,
        thresholds: readThresholds(all, null),
        sources: () => [{ ...healthySource, source, backlog: 0 }],
        log: createLog('silent'),
        now,
        every_ms: 50,
      })
    },
    /** Judges all that is due of a source, once. */
    async judge(source: string, all: readonly Detector[] = detectors): Promise<void> {
      const finder = this.find(source, all)
      await until(() => finder.status().last_look_ms !== null, {
        what: 'all days are judged',
        timeout_ms: 390_000,
      })
      const { reason } = finder.status()
      await finder.stop()
      await store.visible()
      if (reason !== null) throw new Error(reason)
    },
  }
}
