import { expect, setDefaultTimeout, test } from 'bun:test'
import { InvalidError, UnavailableError } from '../../src/errors.ts'
import { questdbAddress } from '../../src/store/address.ts'
import { openAppender } from '../../src/store/append.ts'
import type { Row } from '../../src/store/append.ts'
import { execute } from '../../src/store/http.ts'
import { startFaultyProxy } from '../support/faulty-proxy.ts'
import { testQuestDB } from '../support/servers.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

const ts_ms = 1_790_000_000_123

async function makeTable(table: string) {
  const { address } = await testQuestDB()
  await execute(
    address,
    `CREATE TABLE ${table} (ts TIMESTAMP, kind SYMBOL, name VARCHAR, n LONG, yes BOOLEAN, at TIMESTAMP)
     TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(ts, n)`,
  )
  const rows = async (count: number): Promise<unknown[][]> => {
    await until(async () => (await execute(address, `SELECT count() FROM ${table}`))[0]?.[0] === count, {
      what: `${count} rows in ${table}`,
    })
    return execute(address, `SELECT * FROM ${table} ORDER BY ts, n`)
  }
  return { address, rows }
}

const row = (n: number, columns: Row['columns'] = {}): Row => ({ ts_ms, columns: { n, ...columns } })

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => error,
  )
}

test('every kind of value comes back as it was appended, cleaned of control characters', async () => {
  const { address, rows } = await makeTable('append_kinds')
  const appender = await openAppender(address)
  const at = new Date('2026-02-03T04:05:06.789Z')
  await appender.append('append_kinds', [
    {
      ts_ms,
      symbols: { kind: 'a, b=c "d" \\ e\nf' },
      columns: { name: 'ü "q" \\ , = \n\0 \u2028 😀 \ud800', n: Number.MAX_SAFE_INTEGER, yes: true, at },
    },
    { ts_ms, symbols: { kind: null }, columns: { n: -5, name: null, yes: undefined } },
    row(0, { name: '' }),
  ])
  const iso = '2026-09-21T14:13:20.123000Z'
  expect(await rows(3)).toEqual([
    [iso, null, null, -5, false, null],
    [iso, null, '', 0, false, null],
    [
      iso,
      'a, b=c "d" \\ e f',
      'ü "q" \\ , =    \u2028 😀 \ufffd',
      Number.MAX_SAFE_INTEGER,
      true,
      '2026-02-03T04:05:06.789000Z',
    ],
  ])
  await appender.close()
})

test('appending the same again adds nothing, and appending nothing is fine', async () => {
  const { address, rows } = await makeTable('append_twice')
  const appender = await openAppender(address)
  await appender.append('append_twice', [])
  await appender.append('append_twice', [row(1), row(2)])
  await appender.append('append_twice', [row(1), row(2), row(3)])
  expect((await rows(3)).length).toBe(3)
  await appender.close()
})

test('appends at the same time keep apart', async () => {
  const { address, rows } = await makeTable('append_turns')
  const appender = await openAppender(address)
  const all = Array.from({ length: 20 }, (_, n) => row(n))
  const outcomes = await Promise.allSettled([
    ...all.map((one) => appender.append('append_turns', [one])),
    appender.append('append_no_such_table', [row(1)]),
    appender.append('append_turns', [row(20)]),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...all.map(() => 'fulfilled' as const),
    'rejected',
    'fulfilled',
  ])
  expect((await rows(21)).length).toBe(21)
  await appender.close()
})

test.each<[string, Row]>([
  ['a value of the wrong type', row(2, { yes: 'text' })],
  ['an unknown column', row(2, { unknown: 1 })],
  ['half a number', row(2, { n: 1.5 })],
  ['no value at all', { ts_ms, columns: { name: null } }],
])('a row with %s is invalid, and a later append works', async (what, bad) => {
  const table = `append_bad_${what.replaceAll(' ', '_')}`
  const { address, rows } = await makeTable(table)
  const appender = await openAppender(address)
  expect(await failure(appender.append(table, [row(1), bad]))).toBeInstanceOf(InvalidError)
  await appender.append(table, [row(3)])
  expect((await rows(1))[0]?.[3]).toBe(3)
  await appender.close()
})

test('appending is unavailable while nobody listens or a reply is lost, and works afterwards', async () => {
  const { address, rows } = await makeTable('append_away')
  const { hostname, port } = new URL(address.httpUrl)
  let fault: 'reset' | 'reply dropped' | null = 'reset'
  const proxy = await startFaultyProxy({
    target: { host: hostname, port: Number(port) },
    plan: () => fault && { name: fault, fault: { kind: fault } },
  })
  const appender = await openAppender({ ...address, httpUrl: `http://127.0.0.1:${proxy.port}` })
  for (fault of ['reset', 'reply dropped'] as const) {
    const error = await failure(appender.append('append_away', [row(1)]))
    expect(error).toBeInstanceOf(UnavailableError)
  }
  fault = null
  await appender.append('append_away', [row(1), row(2)])
  expect((await rows(2)).length).toBe(2)
  await appender.close()
  await proxy.close()
})

test.each(['p;a;;s=s:w"o\\rd%', ' ;', 'ü😀', ':', 'a:b:c', '%41', "it's"])(
  'the password %p reaches QuestDB as it is',
  async (password) => {
    const seen: (string | null)[] = []
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch(request) {
        seen.push(request.headers.get('authorization'))
        return new Response(null, { status: 204 })
      },
    })
    const url = `http://us%3Ber:${encodeURIComponent(password)}@127.0.0.1:${server.port}/`
    const address = questdbAddress(url, '')
    const appender = await openAppender(address)
    await appender.append('t', [row(1)])
    expect(seen).toEqual([`Basic ${Buffer.from(`us;er:${password}`).toString('base64')}`])
    expect(seen).toEqual([address.authorization])
    await appender.close()
    await server.stop(true)
  },
)
