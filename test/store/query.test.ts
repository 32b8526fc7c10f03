import { expect, setDefaultTimeout, test } from 'bun:test'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import { execute } from '../../src/store/http.ts'
import { openQueryPool } from '../../src/store/query.ts'
import type { QueryPool } from '../../src/store/query.ts'
import { startFaultyProxy } from '../support/faulty-proxy.ts'
import { testQuestDB } from '../support/servers.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(120_000)

async function open(timeout_ms = 10_000, connections = 2): Promise<QueryPool> {
  const { pgUrl } = await testQuestDB()
  return openQueryPool(pgUrl.reveal(), { connections, timeout_ms })
}

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => error,
  )
}

const everyType = `SELECT true b, 7::short s, 42 i, 9007199254740993L l, 5L small, cast(1.5 as float) f, 2.25 d, 'text' v,
  'sym'::symbol y, '1.2.3.4'::ipv4 ip, 'c'::char c, '11111111-1111-1111-1111-111111111111'::uuid u,
  '2026-10-25T00:30:00.123456Z'::timestamp ts, null::int nothing, 1.0/0.0 infinite FROM long_sequence(1)`

test('every type has its name, and a value that JSON can hold', async () => {
  const pool = await open()
  const { columns, rows } = await pool.query(everyType)
  const row = rows[0] ?? []
  expect(Object.fromEntries(columns.map(({ name, type }, i) => [name, [type, row[i]]]))).toEqual({
    b: ['BOOLEAN', true],
    s: ['SHORT', 7],
    i: ['INT', 42],
    l: ['LONG', '9007199254740993'],
    small: ['LONG', 5],
    f: ['FLOAT', 1.5],
    d: ['DOUBLE', 2.25],
    v: ['VARCHAR', 'text'],
    y: ['VARCHAR', 'sym'],
    ip: ['VARCHAR', '1.2.3.4'],
    c: ['CHAR', 'c'],
    u: ['UUID', '11111111-1111-1111-1111-111111111111'],
    ts: ['TIMESTAMP', '2026-10-25T00:30:00.123456Z'],
    nothing: ['INT', null],
    infinite: ['DOUBLE', null],
  })
  expect(JSON.parse(JSON.stringify(rows))).toEqual(rows)
  await pool.close()
})

test.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham'])(
  'a timestamp is the same whatever the time zone of the process: %s',
  async (TZ) => {
    const { pgUrl } = await testQuestDB()
    const script = `
      import { openQueryPool } from ${JSON.stringify(Bun.resolveSync('../../src/store/query.ts', import.meta.dir))}
      const pool = openQueryPool(process.argv[1], { connections: 1, timeout_ms: 10000 })
      const { rows } = await pool.query("SELECT '2026-03-29T02:30:00.000001Z'::timestamp FROM long_sequence(1)")
      console.log(new Date(0).getTimezoneOffset() + ' ' + rows[0][0])
      await pool.close()`
    const run = Bun.spawnSync([process.execPath, '-e', script, pgUrl.reveal()], { env: { TZ } })
    const [offset, shown] = run.stdout.toString().trim().split(' ')
    expect(shown, run.stderr.toString()).toBe('2026-03-29T02:30:00.000001Z')
    if (TZ !== 'UTC') expect(offset).not.toBe('0')
  },
)

test('no rows are an empty result that still names its columns', async () => {
  const pool = await open()
  expect(await pool.query('SELECT 1 a, now() b FROM long_sequence(0)')).toEqual({
    columns: [
      { name: 'a', type: 'INT' },
      { name: 'b', type: 'TIMESTAMP' },
    ],
    rows: [],
  })
  await pool.close()
})

test.each(['SELECT nonsense', 'SELEC 1', 'SELECT * FROM query_no_such_table', ''])(
  'bad SQL is invalid, and the pool works afterwards: %s',
  async (sql) => {
    const pool = await open()
    const error = await failure(pool.query(sql))
    if (sql !== '') expect(error).toMatchObject({ name: 'InvalidError', code: 'bad_query' })
    expect((await pool.query('SELECT 1')).rows).toEqual([[1]])
    await pool.close()
  },
)

test('the pool can only read', async () => {
  const pool = await open()
  for (const sql of ['CREATE TABLE query_forbidden (x INT)', 'DROP TABLE operations'])
    expect(await failure(pool.query(sql))).toBeInstanceOf(InvalidError)
  await pool.close()
})

test('a query that runs too long is invalid with the code query_timeout, and the pool works afterwards', async () => {
  const pool = await open(300)
  const slow = 'SELECT sum(a.x * b.x) FROM long_sequence(100000) a CROSS JOIN long_sequence(1000000) b'
  const error = await failure(pool.query(slow))
  expect(error).toBeInstanceOf(InvalidError)
  // QuestDB itself has ended it, and not only the waiting for it.
  expect(error).toMatchObject({
    code: 'query_timeout',
    cause: { message: expect.stringContaining('aborted') },
  })
  expect((await pool.query('SELECT 1')).rows).toEqual([[1]])
  await pool.close()
})

test('querying is unavailable while nobody listens or the connection breaks, and works afterwards', async () => {
  const { pgUrl } = await testQuestDB()
  const url = new URL(pgUrl.reveal())
  let away = true
  const proxy = await startFaultyProxy({
    target: { host: url.hostname, port: Number(url.port) },
    plan: () => (away ? { name: 'reset', fault: { kind: 'reset' } } : null),
  })
  url.port = String(proxy.port)
  const pool = openQueryPool(url.href, { connections: 1, timeout_ms: 5_000 })
  expect(await failure(pool.query('SELECT 1'))).toBeInstanceOf(UnavailableError)
  away = false
  expect((await pool.query('SELECT 1')).rows).toEqual([[1]])
  away = true
  expect(await failure(pool.query('SELECT 1'))).toBeInstanceOf(UnavailableError)
  away = false
  expect((await pool.query('SELECT 1')).rows).toEqual([[1]])
  await pool.close()
  await proxy.close()
})

test.each(['idle', 'busy'])('a pool that is %s recovers by itself after QuestDB was killed', async (kind) => {
  const server = await testQuestDB()
  const pool = await open(5_000)
  await pool.query('SELECT 1')
  const errors: unknown[] = []
  const answers = (ask: () => Promise<unknown>): Promise<boolean> =>
    ask().then(
      () => true,
      (error: unknown) => {
        errors.push(error)
        return false
      },
    )
  const ask = (): Promise<unknown> =>
    kind === 'busy' ? pool.query('SELECT 1') : execute(server.address, 'SELECT 1')
  // A restart is refused while another is under way.
  await until(() => server.state === 'running', { timeout_ms: 60_000 })
  server.restart('test')
  await until(async () => !(await answers(ask)), { what: 'QuestDB is away' })
  await until(() => answers(ask), { what: 'QuestDB is back', timeout_ms: 60_000 })
  await until(() => answers(() => pool.query('SELECT 1')))
  for (const error of errors) expect(error).toBeInstanceOf(UnavailableError)
  await pool.close()
})

test('a wrong password is no outage', async () => {
  const { pgUrl } = await testQuestDB()
  const url = new URL(pgUrl.reveal())
  url.password = 'wrong'
  const pool = openQueryPool(url.href, { connections: 1, timeout_ms: 1_000 })
  expect(await failure(pool.query('SELECT 1'))).toBeInstanceOf(InvalidError)
  await pool.close()
})

test('a QuestDB that stands still is an outage, and no fault of the query', async () => {
  const { pid = 0 } = await testQuestDB()
  const pool = await open(500)
  await pool.query('SELECT 1')
  process.kill(pid, 'SIGSTOP')
  let found: unknown
  const isAnswered = async (): Promise<boolean> =>
    (found = await failure(pool.query('SELECT 1'))) === 'no error'
  await until(async () => !(await isAnswered()))
  process.kill(pid, 'SIGCONT')
  expect(found).toBeInstanceOf(UnavailableError)
  expect(found).toMatchObject({ code: 'database_slow', message: expect.stringContaining('in time') })
  await until(isAnswered)
  await pool.close()
})
