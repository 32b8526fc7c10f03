import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { appEnvironment, startApp } from './support/app-process.ts'
import { testBucket } from './support/bucket.ts'
import { commandDir } from './support/command-dir.ts'
import { serverOptions, testQuestDB, testS3 } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'
import { until } from './support/until.ts'

setDefaultTimeout(120_000)

const questdb = await testQuestDB()
const s3 = await testS3()
const last: (() => void)[] = []
afterAll(() => last.forEach((end) => end()))

const questdbUrls = { httpUrl: questdb.httpUrl.reveal(), pgUrl: questdb.pgUrl.reveal() }

async function environment(): Promise<Record<string, string>> {
  const { bucket } = await testBucket()
  return appEnvironment({ questdb: questdbUrls, s3: { ...s3, bucket }, dataDir: tempDir() })
}

const isAlive = (pid: number): boolean => {
  try {
    // A process that has ended and was not yet waited for is no longer alive either.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** The process under `pid` that runs the app. */
function appUnder(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const child of children.split(' ').filter(Boolean).map(Number)) {
    const command = readFileSync(`/proc/${child}/cmdline`, 'utf8')
    if (/bun[^\0]*\0src\/main\.ts/.test(command)) return child
    const deeper = appUnder(child)
    if (deeper !== undefined) return deeper
  }
  return undefined
}

test.each(['SIGTERM', 'SIGKILL'] as const)('SpaceWatch ends when its npm is ended by %s', async (signal) => {
  const log = join(tempDir(), 'npm.log')
  const npm = Bun.spawn(['npm', 'start'], {
    cwd: join(import.meta.dir, '..'),
    env: { ...(await environment()), PATH: process.env['PATH'] ?? '', HOME: tempDir() },
    stdin: 'ignore',
    stdout: Bun.file(log),
    stderr: Bun.file(log),
  })
  last.push(() => npm.kill('SIGKILL'))
  await until(() => /runs at/.test(readFileSync(log, 'utf8')), { what: 'the app runs', timeout_ms: 60_000 })
  const app = appUnder(npm.pid)
  if (app === undefined) throw new Error('Cannot find the app below npm')
  last.push(() => isAlive(app) && process.kill(app, 'SIGKILL'))
  expect(isAlive(app)).toBe(true)
  npm.kill(signal)
  await until(() => !isAlive(app), { what: 'the app has ended' })
  expect(readFileSync(log, 'utf8')).toContain('stopping')
})

test('the API key is shown when it is made, and never again', async () => {
  const env = await environment()
  const shown: string[] = []
  for (const run of ['first', 'second']) {
    const app = startApp({ env, logFile: join(tempDir(), `${run}.log`) })
    await until(() => /the API key /.test(app.output()), { what: 'the app tells where its key is' })
    app.kill('SIGTERM')
    await app.exited
    shown.push(app.output())
  }
  const key = readFileSync(join(env['DATA_DIR'] ?? '', 'api-key'), 'utf8')
  expect(shown[0]).toContain(key)
  expect(shown[1]).not.toContain(key)
  expect(shown[1]).toContain(join(env['DATA_DIR'] ?? '', 'api-key'))
})

test('a demo whose S3 server fails at first does not end SpaceWatch, and is there once it runs', async () => {
  const { libDir } = serverOptions()
  const dataDir = tempDir()
  symlinkSync(libDir, join(dataDir, 'lib'))
  const mark = join(dataDir, 'failed')
  // A Java that breaks off the first two S3 servers.
  const bin = commandDir({
    java: `case "$*" in *s3proxy.Main*) [ -e ${mark}2 ] || { [ -e ${mark}1 ] && touch ${mark}2; touch ${mark}1; exit 1; };; esac
exec '${Bun.which('java')}' "$@"`,
  })
  const app = startApp({
    env: {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: tempDir(),
      DEMO: 'on',
      DEMO_LINES: '1000',
      DATA_DIR: dataDir,
      PORT: '0',
      QUESTDB_HTTP_URL: questdbUrls.httpUrl,
      QUESTDB_PG_URL: questdbUrls.pgUrl,
    },
    logFile: join(dataDir, 'app.log'),
  })
  last.push(() => app.kill('SIGKILL'))
  await until(() => /lies in the bucket/.test(app.output()), {
    what: 'the demo is there',
    timeout_ms: 90_000,
  })
  expect(app.output().match(/the demo has to wait: Cannot start S3 server/g)).toHaveLength(2)
  app.kill('SIGTERM')
  expect(await app.exited).toBe(0)
})
