import { expect, setDefaultTimeout, test } from 'bun:test'
import { serverOptions } from '../support/servers.ts'
import { runChaos } from './run-chaos.ts'

setDefaultTimeout(300_000)

test('kills of app and QuestDB, days that become Parquet, lost replies and a faulty object store lose and double nothing', async () => {
  const { dataDir, libDir } = serverOptions()
  const options = { dataDir, libDir, kills: 20, seed: 7, lines: 40_000 }
  const report = await runChaos({ ...options, settle_ms: 120_000, progress: () => {} })
  const { lost, duplicated, forged, wrongSums, wrongLedger } = report
  expect({ lost, duplicated, forged, wrongSums, wrongLedger }).toEqual({
    lost: 0,
    duplicated: 0,
    forged: 0,
    wrongSums: [],
    wrongLedger: [],
  })
  expect(report.rows).toBe(report.expected)
  // The bout was one: everything that it is about did happen.
  expect(Object.values(report.kills).every((count) => count > 0)).toBe(true)
  expect(report.repliesDropped).toBeGreaterThan(0)
  expect(report.conversions).toBeGreaterThan(0)
  expect(Object.keys(report.s3Faults).toSorted()).toEqual([
    '500',
    '503 SlowDown',
    'reset',
    'slow',
    'truncated',
  ])
  expect(report.stop.exitCode).toBe(0)
})
