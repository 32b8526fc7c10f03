import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { S3Server } from '../../src/servers/s3proxy.ts'
import { listObjects } from '../../src/spaces/list.ts'
import { readObject } from '../../src/spaces/read.ts'
import { appEnvironment, startApp } from '../support/app-process.ts'
import { until } from '../support/until.ts'
import { clientOf, keys, manyObjects, oneObject, serveDataset } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { peakRss_mb, timed } from './figure.ts'
import type { Figure } from './figure.ts'
import { untilVisible, withQuestDB } from './questdb.ts'

const warmUp_rounds = 2

/**
 * Reads every object before: the server stands in for a service that is always warm, and this one spends its first seconds on
 * compiling itself. Gives the bytes that it read.
 */
async function warmUp(server: S3Server, bucket: string): Promise<number> {
  const client = clientOf(server)
  const { signal } = new AbortController()
  let bytes = 0
  for (let round = 0; round < warmUp_rounds; round++) {
    for await (const page of listObjects(client, { bucket, prefix: '', signal })) {
      for (const object of page) {
        for await (const chunk of readObject(client, bucket, object, signal)) bytes += chunk.length
      }
    }
  }
  client.destroy()
  return bytes
}

/** The app on a filled bucket and an empty QuestDB, from its start to the last row that can be seen. */
export async function measureEndToEnd(dataset: Dataset, bucket: 'many' | 'one'): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'spacewatch-bench-app-'))
  const s3 = await serveDataset(dataset)
  try {
    await warmUp(s3, bucket === 'many' ? manyObjects : oneObject)
    return [await withQuestDB(measure)]
  } finally {
    await s3.stop()
    rmSync(dir, { recursive: true })
  }

  async function measure(questdb: Parameters<Parameters<typeof withQuestDB>[0]>[0]): Promise<Figure> {
    const probe = join(dir, 'loop.json')
    const app = startApp({
      env: {
        ...appEnvironment({
          questdb: { httpUrl: questdb.httpUrl.reveal(), pgUrl: questdb.pgUrl.reveal() },
          s3: { ...keys, endpoint: s3.endpoint, bucket: bucket === 'many' ? manyObjects : oneObject },
          dataDir: dir,
        }),
        LOG_LEVEL: 'warn',
        LOOP_PROBE: probe,
      },
      logFile: join(dir, 'app.log'),
      preload: join(import.meta.dir, 'loop-probe.ts'),
    })
    const ended = app.exited.then(() => {
      throw new Error(`Cannot measure: the app ended\n${app.output().slice(-2000)}`)
    })
    ended.catch(() => {})
    async function readProbe(): Promise<{ p99_ms: number; max_ms: number }> {
      rmSync(probe, { force: true })
      app.kill('SIGUSR2')
      await until(() => existsSync(probe) && readFileSync(probe, 'utf8').endsWith('}'))
      return JSON.parse(readFileSync(probe, 'utf8')) as { p99_ms: number; max_ms: number }
    }
    try {
      await Promise.race([until(() => app.url() !== null), ended])
      await readProbe()
      const processes = { app: app.pid, questdb: questdb.pid, s3: s3.pid, clock: process.pid }
      const visible = timed(processes, () => untilVisible(questdb.address, dataset.rows))
      const effort = await Promise.race([visible, ended])
      const loop = await readProbe()
      return {
        name: bucket === 'many' ? 'end to end' : 'end to end, one object',
        lines: dataset.lines,
        bytes: dataset.bytes,
        ...effort,
        peak_rss_mb: peakRss_mb(app.pid),
        loop_p99_ms: loop.p99_ms,
        note: `${bucket === 'many' ? dataset.objects : 1} objects in S3 to visible rows; longest delay ${loop.max_ms.toFixed(0)} ms`,
      }
    } finally {
      app.kill('SIGKILL')
    }
  }
}
