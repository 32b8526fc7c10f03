import { expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import pino from 'pino'
import { InvalidError } from '../../src/errors.ts'
import { freePort } from '../../src/servers/port.ts'
import { startQuestDB } from '../../src/servers/questdb.ts'
import type { QuestDBServer } from '../../src/servers/questdb.ts'
import { questdbAddress } from '../../src/store/address.ts'
import { lives, printedNumber } from '../support/child-process.ts'
import { commandDir } from '../support/command-dir.ts'
import { serverOptions, testQuestDB } from '../support/servers.ts'
import { until } from '../support/until.ts'

const shared = await testQuestDB()
const timeout_ms = 120_000
const quick = {
  heap_mb: 256,
  query_timeout_ms: 1000,
  watchdog: { interval_ms: 50, deadline_ms: 1000, wedged_ms: 2000 },
}

function ask(server: QuestDBServer, path: string, authorization?: string, body?: string): Promise<Response> {
  const address = questdbAddress(server.httpUrl.reveal(), server.pgUrl.reveal())
  const headers = { authorization: authorization ?? address.authorization ?? '', connection: 'close' }
  return fetch(address.httpUrl + path, { headers, ...(body !== undefined && { method: 'POST', body }) })
}

async function exec(server: QuestDBServer, sql: string): Promise<string> {
  return (await ask(server, `/exec?query=${encodeURIComponent(sql)}`)).text()
}

async function pgAnswer(connectionString: string, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  const answer = await client
    .connect()
    .then(() => client.query<Record<string, unknown>>(sql))
    .then(({ rows }) => JSON.stringify(rows), String)
  await client.end()
  return answer
}

test('embedded QuestDB lets nobody in without the password', async () => {
  const wrong = `Basic ${btoa('admin:quest')}`
  for (const path of ['/exec?query=SELECT%201', '/exp?query=SELECT%201'])
    for (const authorization of ['', wrong]) expect((await ask(shared, path, authorization)).status).toBe(401)
  expect((await ask(shared, '/write', wrong, 't a=1i')).status).toBe(401)
  for (const login of ['admin:quest', 'user:quest', 'reader:quest', 'writer:quest'])
    expect(await pgAnswer(shared.pgUrl.reveal().replace(/\/\/.*@/, `//${login}@`), 'SELECT 1')).toContain(
      'invalid username/password',
    )
})

test('embedded QuestDB writes over HTTP and only reads over pg', async () => {
  await exec(shared, 'CREATE TABLE servers_closed (a LONG, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY DAY WAL')
  expect((await ask(shared, '/write', undefined, 'servers_closed a=1i')).status).toBe(204)
  const count = () => pgAnswer(shared.pgUrl.reveal(), 'SELECT count() n FROM servers_closed')
  await until(async () => (await count()) === '[{"n":"1"}]')
  for (const sql of [
    'INSERT INTO servers_closed VALUES (1, now())',
    'CREATE TABLE x (a LONG)',
    'DROP TABLE servers_closed',
  ])
    expect(await pgAnswer(shared.pgUrl.reveal(), sql)).toContain('ermission denied')
})

test('embedded QuestDB makes no table or column that a line names, and touches no file', async () => {
  await exec(shared, 'CREATE TABLE servers_strict (a LONG, ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY DAY WAL')
  expect(await (await ask(shared, '/write', undefined, 'servers_none a=1i')).text()).toContain(
    'creating new tables is disabled',
  )
  expect(await (await ask(shared, '/write', undefined, 'servers_strict b=1i')).text()).toContain(
    'creating new columns is disabled',
  )
  expect(await exec(shared, "COPY (SELECT 1) TO 'x' WITH FORMAT PARQUET")).toContain('COPY TO is disabled')
  expect(await exec(shared, "COPY t FROM 'x.csv'")).toContain('COPY is disabled')
  expect(await exec(shared, "SELECT * FROM read_parquet('x.parquet')")).toContain('error')
})

test('embedded QuestDB listens on loopback only, with bounded memory, and calls nobody', async () => {
  const shown = await exec(
    shared,
    'SELECT property_path || $$=$$ || value FROM (SHOW PARAMETERS)'.replaceAll('$$', "'"),
  )
  for (const setting of [
    'telemetry.enabled=false',
    'line.tcp.enabled=false',
    'http.min.enabled=false',
    'pg.security.readonly=true',
    'http.worker.count=2',
    'pg.worker.count=8',
    'query.timeout=30000ms',
    'ram.usage.limit.bytes=1610612736',
  ])
    expect(shown).toContain(`"${setting}"`)
  const open = readFileSync(`/proc/${shared.pid}/net/tcp`, 'utf8')
  for (const url of [shared.httpUrl, shared.pgUrl]) {
    const port = Number(new URL(url.reveal()).port).toString(16).toUpperCase().padStart(4, '0')
    expect(open).toContain(`0100007F:${port} 00000000:0000 0A`)
  }
})

test(
  'embedded QuestDB sleeps while it has nothing to do: soon after an answer it wakes less than 1,900 times a second',
  async () => {
    const wakes = (): number => {
      const dir = `/proc/${shared.pid}/task`
      return readdirSync(dir).reduce((sum, thread) => {
        const status = readFileSync(join(dir, thread, 'status'), 'utf8')
        return sum + Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1])
      }, 0)
    }
    // On a busy machine it wakes less, whatever it is told: so what it is told, too.
    const known = await exec(shared, "(SHOW PARAMETERS) WHERE property_path LIKE '%.worker.%'")
    for (const pool of ['http', 'pg', 'shared', 'wal.apply', 'mat.view.refresh', 'view.compiler']) {
      expect(known).toMatch(new RegExp(`"${pool}.worker.nap.threshold","[A-Z_]+","500","env"`))
      expect(known).toMatch(new RegExp(`"${pool}.worker.sleep.threshold","[A-Z_]+","600","env"`))
    }
    await until(async () => {
      const before = wakes()
      const began_ms = performance.now()
      await Bun.sleep(1_000)
      return ((wakes() - before) / (performance.now() - began_ms)) * 1_000 < 1_900
    })
  },
  timeout_ms,
)

test(
  'embedded QuestDB answers again after kill -9, a freeze and a wedge; stop() ends it',
  async () => {
    const server = await startQuestDB({ ...serverOptions(), ...quick })
    const back = (restarts: number) => until(() => server.state === 'running' && server.restarts >= restarts)
    const rows = () => pgAnswer(server.pgUrl.reveal(), 'SELECT a FROM kept')
    await exec(server, 'CREATE TABLE kept (a LONG)')
    await exec(server, 'INSERT INTO kept VALUES (42)')

    process.kill(server.pid ?? 0, 'SIGKILL')
    await back(1)
    process.kill(server.pid ?? 0, 'SIGSTOP')
    await back(2)
    await until(async () => (await rows()) === '[{"a":"42"}]')

    const endless = 'SELECT count() FROM long_sequence(1000000000000) WHERE x % 7 = 9'
    // One for each of its workers.
    const stuck = Array.from({ length: 8 }, () => pgAnswer(server.pgUrl.reveal(), endless))
    await back(3)
    for (const answer of await Promise.all(stuck)) expect(answer).toContain('Connection terminated')
    await until(async () => (await rows()) === '[{"a":"42"}]')

    const { pid } = server
    await server.stop()
    expect(server.state).toBe('stopped')
    expect(lives(pid)).toBe(false)
  },
  timeout_ms,
)

test(
  'embedded QuestDB takes over from a run that was killed, and only then; passwords stay, a taken port does not stop it',
  async () => {
    const options = { ...serverOptions(), ...quick }
    // Without setpriv on the PATH nothing ends the server with its run; without mvn nothing can be fetched.
    const path = commandDir({})
    symlinkSync(Bun.which('java') ?? '', join(path, 'java'))
    const command = [
      process.execPath,
      join(import.meta.dir, '../support/run-questdb.ts'),
      options.dataDir,
      options.libDir,
    ]
    const run = Bun.spawn(command, { env: { PATH: path }, stdout: 'pipe' })
    const left = await printedNumber(run.stdout)
    expect(await startQuestDB(options).catch((error: unknown) => error)).toBeInstanceOf(InvalidError)
    expect(lives(left)).toBe(true)

    const passwords = ['http-password', 'pg-password'].map((name) => join(options.dataDir, 'questdb', name))
    for (const file of passwords) expect(statSync(file).mode & 0o777).toBe(0o600)
    const kept = passwords.map((file) => readFileSync(file, 'utf8'))
    run.kill('SIGKILL')
    await run.exited
    expect(lives(left)).toBe(true)

    using listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    const warnings: string[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => warnings.push(line) })
    const server = await startQuestDB({ ...options, log, httpPort: listener.port })
    expect(lives(left)).toBe(false)
    expect(warnings.join('')).toContain(`HTTP port ${listener.port} is taken`)
    const urls = [server.httpUrl, server.pgUrl].map((url) => new URL(url.reveal()))
    expect(urls.map(({ password }) => password)).toEqual(kept)
    expect(await exec(server, 'SELECT 1')).toContain('[[1]]')
    await server.stop()
  },
  timeout_ms,
)

test(
  'a port that another process takes while QuestDB starts is given up for another',
  async () => {
    const thief = createServer()
    const { port } = await freePort(0)
    const starts: string[] = []
    const server = await startQuestDB({
      ...serverOptions(),
      ...quick,
      httpPort: port,
      // Told after the port was found free, and before QuestDB binds it.
      progress(message) {
        if (message.startsWith('starting') && starts.push(message) === 1) thief.listen(port, '127.0.0.1')
      },
    })
    expect(await exec(server, 'SELECT 1')).toContain('[[1]]')
    expect(starts.length).toBe(2)
    expect(new URL(server.httpUrl.reveal()).port).not.toBe(String(port))
    await server.stop()
    thief.close()
  },
  timeout_ms,
)
