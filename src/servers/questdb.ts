import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UnavailableError } from '../errors.ts'
import type { Log } from '../log.ts'
import { Secret } from '../secret.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import { findJava } from './java.ts'
import { keepSecret } from './kept-secret.ts'
import { fetchJars } from './maven.ts'
import { freePort } from './port.ts'
import { httpAnswers, pgAnswers } from './questdb-answers.ts'
import { endStale, stalenessMarks } from './stale.ts'
import { startWatchdog } from './watchdog.ts'
import type { WatchdogTimes } from './watchdog.ts'

const version = '9.3.4'
const host = '127.0.0.1'
// QuestDB's own memory, beside the heap and mapped files.
const native_mb = 1536

export interface QuestDBOptions {
  dataDir: string
  /** Where the jar is kept; default: `lib` in `dataDir`. */
  libDir?: string
  /** Where a taken port is found, another is chosen and reported. */
  httpPort?: number
  pgPort?: number
  /** Java heap: what approx_percentile needs. */
  heap_mb?: number
  query_timeout_ms?: number
  watchdog?: Partial<WatchdogTimes>
  log: Log
  progress: (message: string) => void
  signal?: AbortSignal
}

/** A running QuestDB: HTTP reads and writes, pg only reads. Both URLs hold user and password; restarts keep them. */
export interface QuestDBServer extends Child {
  httpUrl: Secret
  pgUrl: Secret
}

/** Fetches QuestDB at the first start, runs it closed and on loopback in `dataDir`, and restarts it when it ends or is wedged. */
export async function startQuestDB({
  dataDir,
  libDir = join(dataDir, 'lib'),
  httpPort = 9000,
  pgPort = 8812,
  heap_mb = 1024,
  query_timeout_ms = 30_000,
  watchdog,
  log,
  progress,
  signal,
}: QuestDBOptions): Promise<QuestDBServer> {
  const home = resolve(dataDir, 'questdb')
  const jars = resolve(libDir, `questdb-${version}`)
  const java = await findJava()
  await fetchJars({
    name: `QuestDB ${version}`,
    coordinates: `org.questdb:questdb:${version}`,
    dir: jars,
    progress,
    ...(signal && { signal }),
  })
  mkdirSync(join(home, 'root'), { recursive: true, mode: 0o700 })
  for (const pid of await endStale(home)) log.warn({ pid }, 'Ended the QuestDB that an earlier run left')
  // It unpacks its libraries there at each start, and one that is killed leaves them behind.
  const temporary = join(home, 'tmp')
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { mode: 0o700 })

  const httpPassword = keepSecret(join(home, 'http-password')).reveal()
  const pgPassword = keepSecret(join(home, 'pg-password')).reveal()
  const authorization = `Basic ${Buffer.from(`spacewatch:${httpPassword}`).toString('base64')}`

  async function runOn(http: number, pg: number) {
    const httpUrl = `http://${host}:${http}`
    const pgUrl = `postgres://reader:${pgPassword}@${host}:${pg}/qdb`
    const probes = {
      HTTP: (deadline_ms: number) => httpAnswers(httpUrl, authorization, deadline_ms),
      pg: (deadline_ms: number) => pgAnswers(pgUrl, deadline_ms),
    }
    progress(`starting QuestDB ${version}`)
    const child = await startChild({
      name: 'QuestDB',
      command: [
        java.java,
        ...stalenessMarks(home),
        `-Xmx${heap_mb}m`,
        `-Djava.io.tmpdir=${temporary}`,
        '-XX:+UseParallelGC',
        // Without it JDK 22 and later warn, and a later one will refuse.
        ...(java.version >= 22 ? ['--enable-native-access=io.questdb'] : []),
        '-p',
        join(jars, `questdb-${version}.jar`),
        '-m',
        'io.questdb/io.questdb.ServerMain',
        '-d',
        join(home, 'root'),
      ],
      env: environment({
        'http.bind.to': `${host}:${http}`,
        'http.user': 'spacewatch',
        'http.password': httpPassword,
        'pg.net.bind.to': `${host}:${pg}`,
        'pg.user': 'writer',
        'pg.password': crypto.randomUUID(),
        'pg.readonly.user': 'reader',
        'pg.readonly.password': pgPassword,
        'query.timeout': `${query_timeout_ms}ms`,
        'ram.usage.limit.bytes': String(native_mb * 1024 * 1024),
      }),
      logFile: join(home, 'questdb.log'),
      ready: async () => (await probes.HTTP(2000)) && (await probes.pg(2000)),
      log,
    })
    return { child, probes, httpUrl, pgUrl }
  }

  const { child, probes, httpUrl, pgUrl } = await onFreePorts(runOn, { httpPort, pgPort, log })
  startWatchdog(child, probes, {
    interval_ms: 5000,
    deadline_ms: 5000,
    // Queries overshoot their timeout by up to 2 s, and until then they may rightly hold every worker.
    wedged_ms: query_timeout_ms + 5000,
    ...watchdog,
  })
  return Object.assign(child, {
    httpUrl: new Secret(httpUrl.replace('//', `//spacewatch:${httpPassword}@`)),
    pgUrl: new Secret(pgUrl),
  })
}

/**
 * Workers that find nothing to do spin, then look each millisecond, then each so many. QuestDB's own 7,000 spins and 3,000
 * short sleeps after everything they do were two thirds of what a quiet one costs.
 */
const sleeps_ms = {
  http: 10,
  // It has no setting for its own, of 10.
  pg: null,
  shared: 20,
  'wal.apply': 20,
  'mat.view.refresh': 100,
  'view.compiler': 1_000,
}

function idleness(): Record<string, string> {
  const entries = Object.entries(sleeps_ms).flatMap(([pool, sleep_ms]) => [
    [`${pool}.worker.nap.threshold`, '500'],
    [`${pool}.worker.sleep.threshold`, '600'],
    ...(sleep_ms === null ? [] : [[`${pool}.worker.sleep.timeout`, String(sleep_ms)]]),
  ])
  return Object.fromEntries(entries)
}

const gatherings = [
  'sort.key',
  'sort.light.value',
  'sort.value',
  'hash.join.value',
  'hash.join.light.value',
  'window.store',
  'window.rowid',
  'window.tree',
]

/** What every start has in common: closed by default, small pages, separate workers so that pg load leaves HTTP alive. */
const settings = {
  ...idleness(),
  'shared.network.worker.count': '1',
  'http.worker.count': '2',
  'http.min.enabled': 'false',
  'pg.worker.count': '8',
  'pg.net.connection.limit': '32',
  // Time limits are looked at between frames: with a million rows in one, costly text held a worker for minutes.
  'cairo.sql.page.frame.max.rows': '10000',
  'cairo.sql.page.frame.min.rows': '5000',
  // What one query may gather, a third of what all may: its sorts, joins and groups end before they take it from others.
  ...Object.fromEntries(
    gatherings.flatMap((what) => [
      [`cairo.sql.${what}.page.size`, '1M'],
      [`cairo.sql.${what}.max.pages`, '512'],
    ]),
  ),
  // Each doubles it, from 32 KB.
  'cairo.sql.map.max.resizes': '14',
  'pg.readonly.user.enabled': 'true',
  'pg.security.readonly': 'true',
  'line.tcp.enabled': 'false',
  'line.auto.create.new.tables': 'false',
  'line.auto.create.new.columns': 'false',
  'cairo.sql.copy.root': '',
  'cairo.sql.copy.export.root': '',
  'cairo.writer.data.append.page.size': '1M',
  'cairo.o3.column.memory.size': '256K',
  // A killed process loses nothing; a power cut may lose the last seconds, which the bucket still has.
  'cairo.commit.mode': 'nosync',
  'telemetry.enabled': 'false',
  'log.w.stdout.level': 'ERROR,CRITICAL,ADVISORY',
}

/** Settings as variables: a command line or a file would show the passwords. */
function environment(more: Record<string, string>): Record<string, string> {
  const all = Object.entries({ ...settings, ...more })
  return Object.fromEntries(
    all.map(([key, value]) => [`QDB_${key.toUpperCase().replaceAll('.', '_')}`, value]),
  )
}

const startsAtMost = 5

/** A port that is free may be taken by another process before QuestDB has bound it: then it is tried on other ports. */
async function onFreePorts<T>(
  runOn: (http: number, pg: number) => Promise<T>,
  { httpPort, pgPort, log }: { httpPort: number; pgPort: number; log: Log },
): Promise<T> {
  for (let starts = 1; ; starts++) {
    const http = await choosePort('HTTP', httpPort, log)
    const pg = await choosePort('pg', pgPort, log)
    try {
      return await runOn(http, pg)
    } catch (error) {
      const isTaken = error instanceof UnavailableError && /could not bind/i.test(error.message)
      if (!isTaken || starts === startsAtMost) throw error
      log.warn({ http, pg }, 'QuestDB: a port was taken while it started, trying others')
    }
  }
}

async function choosePort(what: string, preferred: number, log: Log): Promise<number> {
  const { port, taken } = await freePort(preferred, host)
  if (taken) log.warn({ preferred, port }, `QuestDB: ${what} port ${preferred} is taken, using ${port}`)
  return port
}
