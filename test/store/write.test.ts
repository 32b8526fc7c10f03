import { expect, setDefaultTimeout, test } from 'bun:test'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { UnavailableError } from '../../src/errors.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { execute } from '../../src/store/http.ts'
import { createWriteRows } from '../../src/store/write.ts'
import { startFaultyProxy } from '../support/faulty-proxy.ts'
import type { Fault } from '../support/faulty-proxy.ts'
import { testQuestDB } from '../support/servers.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

const rows = (lines: readonly string[]): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))

async function makeTable(table: string): Promise<QuestDBAddress> {
  const { address } = await testQuestDB()
  await execute(
    address,
    `CREATE TABLE ${table} (ts TIMESTAMP, n LONG, small INT, name VARCHAR) TIMESTAMP(ts) PARTITION BY DAY WAL
     DEDUP UPSERT KEYS(ts, n)`,
  )
  return address
}

async function stored(address: QuestDBAddress, table: string, count: number): Promise<number[]> {
  await until(async () => (await execute(address, `SELECT count() FROM ${table}`))[0]?.[0] === count, {
    what: `${count} rows in ${table}`,
  })
  return (await execute(address, `SELECT n FROM ${table} ORDER BY n`)).map(([n]) => Number(n))
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const line = (table: string, n: number, value = '1i'): string =>
  `${table} n=${n}i,small=${value},name="row ${n}" ${1_790_000_000_000_000 + n}`

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => `no error but ${JSON.stringify(value)}`,
    (error: unknown) => error,
  )
}

test('one bad row in 5,000 is named, and the other 4,999 are stored', async () => {
  const table = 'write_one_bad'
  const address = await makeTable(table)
  const bad = 3_217
  const lines = upTo(5_000).map((n) => line(table, n, n === bad ? '3000000000i' : '1i'))
  const rejected = await createWriteRows(address)(rows(lines))
  expect(rejected).toEqual([{ row: bad, reason: expect.stringContaining('column: small') }])
  expect(await stored(address, table, 4_999)).toEqual(upTo(5_000).filter((n) => n !== bad))
})

test.each([
  ['the first', [0]],
  ['the last', [199]],
  ['neighbours', [50, 51, 52, 148, 149]],
  ['every third', upTo(200).filter((n) => n % 3 === 0)],
  ['all', upTo(200)],
])('bad rows are found wherever they are: %s', async (name, bad) => {
  const table = `write_${name.replaceAll(' ', '_')}`
  const address = await makeTable(table)
  const lines = upTo(200).map((n) => line(table, n, bad.includes(n) ? '"text"' : '1i'))
  const rejected = await createWriteRows(address)(rows(lines))
  expect(rejected.map(({ row }) => row)).toEqual(bad)
  expect(await stored(address, table, 200 - bad.length)).toEqual(upTo(200).filter((n) => !bad.includes(n)))
})

test('no rows are no post, and rows of very different length are cut at row ends', async () => {
  const table = 'write_uneven'
  const address = await makeTable(table)
  const write = createWriteRows(address)
  expect(await write(new Uint8Array(0))).toEqual([])
  const long = `${table} n=1i,small=1i,name="${'x'.repeat(100_000)}" 1790000000000001`
  const lines = [line(table, 0), long, line(table, 2, '"bad"'), line(table, 3)]
  expect((await write(rows(lines))).map(({ row }) => row)).toEqual([2])
  expect(await stored(address, table, 3)).toEqual([0, 1, 3])
})

test('a missing table or column is an outage, and condemns no row', async () => {
  const table = 'write_lacking'
  const address = await makeTable(table)
  const write = createWriteRows(address)
  const noTable = await failure(write(rows([line('write_no_such_table', 1)])))
  expect(noTable).toBeInstanceOf(UnavailableError)
  const noColumn = await failure(write(rows([line(table, 1), `${table} n=2i,extra=1i 1790000000000002`])))
  expect(noColumn).toBeInstanceOf(UnavailableError)
  expect(await execute(address, `SELECT count() FROM ${table}`)).toEqual([[0]])
})

test('rows that are sent twice are stored once', async () => {
  const table = 'write_twice'
  const address = await makeTable(table)
  const write = createWriteRows(address)
  const body = rows(upTo(100).map((n) => line(table, n)))
  await write(body)
  await write(body)
  await write(rows([line(table, 100)]))
  expect(await stored(address, table, 101)).toEqual(upTo(101))
})

test.each<[string, Fault]>([
  ['nobody listens', { kind: 'reset' }],
  ['the reply is lost', { kind: 'reply dropped' }],
  ['the reply breaks off in its head', { kind: 'truncated', after_bytes: 20 }],
  ['the refusal breaks off in its body', { kind: 'truncated', after_bytes: 300 }],
  ['it says 503', { kind: 'answered', reply: 'HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n' }],
  ['it says 401', { kind: 'answered', reply: 'HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n' }],
])('writing is unavailable while %s, and works afterwards', async (what, fault) => {
  const table = `write_away_${what.replaceAll(' ', '_')}`
  const address = await makeTable(table)
  const { hostname, port } = new URL(address.httpUrl)
  let away = true
  const proxy = await startFaultyProxy({
    target: { host: hostname, port: Number(port) },
    plan: () => (away ? { name: what, fault } : null),
  })
  const write = createWriteRows({ ...address, httpUrl: `http://127.0.0.1:${proxy.port}` })
  const body = rows([line(table, 0), line(table, 1, '"bad"'), line(table, 2)])
  expect(await failure(write(body))).toBeInstanceOf(UnavailableError)
  away = false
  expect((await write(body)).map(({ row }) => row)).toEqual([1])
  expect(await stored(address, table, 2)).toEqual([0, 2])
  await proxy.close()
})

test('a server that is silent is unavailable after the time limit', async () => {
  const silent = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const address = { httpUrl: `http://127.0.0.1:${silent.port}`, authorization: null, pgUrl: '' }
  const error = await failure(createWriteRows(address, 50)(rows([line('silent', 0)])))
  expect(error).toBeInstanceOf(UnavailableError)
  silent.stop(true)
})

test('an answer that comes before a large body is read whole is taken, and the rest not sent', async () => {
  const early = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.pause().write('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n'))
  })
  await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve))
  const { port } = early.address() as AddressInfo
  const address = { httpUrl: `http://127.0.0.1:${port}`, authorization: null, pgUrl: '' }
  const error = await failure(createWriteRows(address)(new Uint8Array(32 << 20).fill(65)))
  expect(error).toMatchObject({ message: expect.stringContaining('503') })
  early.close()
})
