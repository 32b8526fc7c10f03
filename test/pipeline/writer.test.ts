import { expect, setDefaultTimeout, test } from 'bun:test'
import { UnavailableError } from '../../src/errors.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import type { Operation, Refusal } from '../../src/logs/record.ts'
import { openLedger } from '../../src/pipeline/ledger.ts'
import { startReading } from '../../src/pipeline/messages.ts'
import type { Parsed, Reading } from '../../src/pipeline/messages.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import { countLines } from '../../src/store/write.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'

setDefaultTimeout(60_000)

const now_us = Date.now() * 1000

function operation(n: number): Operation {
  const line = `owner bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 user REQ${n} REST.GET.OBJECT key-${n} "GET /key-${n} HTTP/1.1" 200 - 10 10 7 6 "-" "agent" -`
  const { operations } = createRunParser().parse({ bytes: Buffer.from(line), lines: 1, first_line: 1 })
  const [found] = operations
  if (!found) throw new Error('the line is not read')
  return { ...found, ts: now_us + n, line_hash: BigInt(n) }
}

const reading = (key: string): Reading =>
  startReading({ key, etag: 'etag', bytes: 100, modified_ms: 1_790_000_000_000 })

/** A parsed run of these operations; a `bad` one has a status that the column cannot hold. */
function parsed(
  of: Reading,
  source: string,
  numbers: number[],
  { bad = [] as number[], refused = [] as Refusal[] } = {},
): Parsed {
  const operations = numbers.map((n) => ({ ...operation(n), status: bad.includes(n) ? 2 ** 40 : 200 }))
  const first_line = of.lines + 1
  of.lines += numbers.length + refused.length
  of.rows += numbers.length
  of.refused += refused.length
  const ilp = createRowBuffer().append(operations, originOf(source, of.object.key))
  return sent({ reading: of, ilp, rows: numbers.length, refused, first_line })
}

/** Nothing more comes of it. */
function end(of: Reading): Parsed {
  of.ended = true
  return sent({ reading: of, ilp: { bytes: new Uint8Array(0) }, rows: 0, refused: [], first_line: 0 })
}

function sent(message: Parsed): Parsed {
  message.reading.pending.add(message)
  return message
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

test('rows that QuestDB refuses are set aside by number, and the ledger says so', async () => {
  const store = await openTestStore()
  const source = 'writer-rejects'
  const finished: Reading[] = []
  const write = createWriter({
    rows: createRowBuffer(),
    write: store.write,
    ledger: openLedger(source, store.query, store.appender),
    onFinished: (one) => void finished.push(one),
  })
  const a = reading('a')
  const b = reading('b')
  const batch = [
    parsed(a, source, upTo(3_000), { bad: [5, 2_999] }),
    parsed(b, source, [10_000, 10_001, 10_002], { bad: [10_001] }),
    parsed(a, source, [20_000, 20_001]),
    end(a),
    end(b),
  ]
  await write(batch)
  // The same batch again, as after an outage: nothing is counted twice.
  await write(batch)
  await store.visible()
  expect(await store.rows(`SELECT count() n FROM operations WHERE source = '${source}'`)).toEqual([
    { n: 3_002 },
  ])
  expect(
    await store.rows(
      `SELECT key, lines, rows, refused, state FROM log_objects WHERE source = '${source}' ORDER BY key`,
    ),
  ).toEqual([
    { key: 'a', lines: 3_002, rows: 3_000, refused: 2, state: 'done' },
    { key: 'b', lines: 3, rows: 2, refused: 1, state: 'done' },
  ])
  const refused = await store.rows(
    `SELECT log_object, line, reason, excerpt FROM refused_lines WHERE source = '${source}' ORDER BY log_object, line`,
  )
  expect(refused.map(({ log_object, line, reason }) => [log_object, line, reason])).toEqual([
    ['a', 6, 'refused by QuestDB'],
    ['a', 3_000, 'refused by QuestDB'],
    ['b', 2, 'refused by QuestDB'],
  ])
  expect(refused[0]?.excerpt).toContain('column: status')
  expect(refused[0]?.excerpt).toContain('key-5')
  expect(new Set(finished)).toEqual(new Set([a, b]))
  await store.close()
})

test('nothing is entered in the ledger before its rows and refused lines are durable', async () => {
  const store = await openTestStore()
  const order: string[] = []
  let away: string | null = null
  const step = (name: string): void => {
    if (away === name) throw new UnavailableError(`Cannot ${name}`)
    order.push(name)
  }
  const appender = {
    append: async (table: string) => step(table),
    close: async () => {},
  }
  const write = createWriter({
    rows: createRowBuffer(),
    write: async () => {
      step('operations')
      return []
    },
    ledger: openLedger('writer-order', store.query, appender),
    onFinished: () => step('finished'),
  })
  const one = reading('a')
  const refused = [{ line: 2, reason: 'unknown format', excerpt: 'x' }]
  const batch = [parsed(one, 'writer-order', [1], { refused }), end(one)]
  for (away of ['operations', 'refused_lines', 'log_objects']) {
    order.length = 0
    await expect(write(batch)).rejects.toBeInstanceOf(UnavailableError)
    expect(order).toEqual(
      ['operations', 'refused_lines', 'log_objects'].slice(
        0,
        ['operations', 'refused_lines', 'log_objects'].indexOf(away),
      ),
    )
  }
  away = null
  order.length = 0
  await write(batch)
  expect(order).toEqual(['operations', 'refused_lines', 'log_objects', 'finished'])
  await store.close()
})

test('what a bug has lost part of gets no ledger row', async () => {
  const store = await openTestStore()
  const source = 'writer-abandoned'
  const finished: string[] = []
  const write = createWriter({
    rows: createRowBuffer(),
    write: store.write,
    ledger: openLedger(source, store.query, store.appender),
    onFinished: ({ object }) => void finished.push(object.key),
  })
  const broken = { ...reading('broken'), abandoned: true }
  const whole = reading('whole')
  await write([end(broken), parsed(whole, source, [1]), end(whole)])
  await store.visible()
  expect(finished).toEqual(['whole'])
  expect(await store.rows(`SELECT key FROM log_objects WHERE source = '${source}'`)).toEqual([
    { key: 'whole' },
  ])
  await store.close()
})

test.each(['first', 'second'] as const)(
  'the ledger row of a log object in two batches at once waits for the %s, whatever becomes of its post, and is counted once',
  async (slow) => {
    const store = await openTestStore()
    const source = `writer-two-${slow}`
    const finished: string[] = []
    const ledger = openLedger(source, store.query, store.appender)
    const gate = Promise.withResolvers<void>()
    let finishing = 0
    let outcome = 'reply lost'
    const one = reading('a')
    const batches = {
      first: [parsed(one, source, upTo(2_000))],
      second: [parsed(one, source, [5_000, 5_001], { bad: [5_001] }), end(one)],
    }
    const isSlow = (body: Uint8Array): boolean => countLines(body) > 2 === (slow === 'first')
    const write = createWriter({
      rows: createRowBuffer(),
      write: async (body) => {
        if (isSlow(body) && outcome === 'away') throw new UnavailableError('Cannot write')
        const rejected = await store.write(body)
        if (isSlow(body) && outcome === 'reply lost') throw new UnavailableError('no answer')
        return rejected
      },
      ledger: {
        ...ledger,
        async finish(readings) {
          if (++finishing === 1) await gate.promise
          await ledger.finish(readings)
        },
      },
      onFinished: ({ object }) => void finished.push(object.key),
    })
    const [late, early] = slow === 'first' ? (['first', 'second'] as const) : (['second', 'first'] as const)
    const ledgerRows = async (): Promise<unknown> => {
      await store.visible()
      return store.rows(`SELECT key, lines, rows, refused, state FROM log_objects WHERE source = '${source}'`)
    }
    for (outcome of ['reply lost', 'away']) {
      const [lateDone] = await Promise.allSettled([write(batches[late]), write(batches[early])])
      expect(lateDone.status).toBe('rejected')
      expect({ finished, ledger: await ledgerRows() }).toEqual({ finished: [], ledger: [] })
    }
    outcome = 'stored'
    const lateStored = write(batches[late])
    await until(() => finishing > 0)
    // The other one comes again meanwhile, as where the ledger was away for another log object of it.
    await write(batches[early])
    gate.resolve()
    await lateStored
    await write(batches[late])
    expect({ finished, ledger: await ledgerRows() }).toEqual({
      finished: ['a'],
      ledger: [{ key: 'a', lines: 2_002, rows: 2_001, refused: 1, state: 'done' }],
    })
    expect(await store.rows(`SELECT count() n FROM operations WHERE source = '${source}'`)).toEqual([
      { n: 2_001 },
    ])
    await store.close()
  },
)
