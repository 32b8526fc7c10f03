import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import fc from 'fast-check'
import { compileSigma, sigmaSql } from '../../src/sigma/compile.ts'
import { SigmaError } from '../../src/sigma/problem.ts'
import { readSigmaRules } from '../../src/sigma/rule.ts'
import { openQueryPool } from '../../src/store/query.ts'
import { testGate } from '../gate/two-tenants.ts'
import { operation, startOperationsStore } from '../metrics/operations-store.ts'
import { askOracle, hasOracle } from './oracle.ts'
import type { Row } from './oracle.ts'
import { loggedRequest, sigmaRule } from './rules.ts'

setDefaultTimeout(120_000)

const hour_us = 3_600_000_000
const logged: { operation: string; record: Row & { requestID: string } }[] = fc
  .sample(loggedRequest, { numRuns: 400, seed: 7 })
  .map((one, n) => ({
    ...one,
    record: { ...one.record, requestID: `R${n}` },
  }))
const store = await startOperationsStore()
afterAll(async () => {
  await pool.close()
  await store.stop()
})
const text = (value: string | number | null | undefined): string | null =>
  typeof value === 'string' ? value : null
await store.insert(
  logged.map(({ operation: name, record }, n) =>
    operation({
      ts: Date.now() * 1000 - hour_us + n * 1000,
      operation: name,
      request_id: record.requestID,
      remote_ip: text(record.sourceIPAddress),
      user_agent: text(record.userAgent),
      error_code: text(record.errorCode),
      requester: text(record['userIdentity.arn']),
      bucket: text(record['requestParameters.bucketName']) ?? '',
      key: text(record['requestParameters.key']),
      bytes_sent: Number(record['additionalEventData.bytesTransferredOut']),
      tls_version: text(record['tlsDetails.tlsVersion']),
    }),
  ),
)
const pool = openQueryPool(store.address.pgUrl, { connections: 2, timeout_ms: 20_000 })
const gate = testGate(pool)
const rule = (detection: object) => ({
  title: 't',
  logsource: { product: 'aws', service: 'cloudtrail' },
  detection,
})
const compiled = (one: object): string => readSigmaRules(JSON.stringify(one)).map(compileSigma).join()

async function found(where: string): Promise<string[]> {
  const { columns, rows } = await gate.run({ sql: sigmaSql(where), scope: null, turns_of: 'a', limit: 1000 })
  const at = columns.findIndex(({ name }) => name === 'request_id')
  return rows.map((row) => String(row[at])).toSorted()
}

const where = async (selection: object): Promise<string[]> =>
  found(compiled(rule({ selection, condition: 'selection' })))
const requests = (is: (record: Row) => boolean): string[] =>
  logged
    .map(({ record }) => record)
    .filter(is)
    .map((record) => record.requestID)
    .toSorted()

test('pySigma is there where tests must not be left out', () => {
  if (!hasOracle)
    console.warn('pySigma is missing: pip install pysigma pysigma-backend-sqlite; its comparison is left out')
  expect(hasOracle || process.env.CI !== 'true').toBe(true)
})

test.skipIf(!hasOracle)(
  '400 rules find the requests that pySigma finds in SQLite, or are refused by the gate',
  async () => {
    const rules = fc.sample(sigmaRule, { numRuns: 400, seed: 11 })
    const expected = askOracle(
      rules,
      logged.map(({ record }) => record),
    )
    let compared = 0
    let nonempty = 0
    for (const [n, one] of rules.entries()) {
      let condition = ''
      try {
        condition = compiled(one)
      } catch (error) {
        // What is the same for every row is refused: pySigma finds all of them, or none.
        expect(error).toBeInstanceOf(SigmaError)
        expect([0, logged.length]).toContain(expected[n]?.length ?? -1)
        continue
      }
      expect({ one, found: await found(condition) }).toEqual({ one, found: expected[n] ?? [] })
      compared++
      if (expected[n]?.length) nonempty++
    }
    expect(compared).toBeGreaterThan(380)
    expect(nonempty).toBeGreaterThan(200)
  },
)

describe('what SQLite cannot be asked', () => {
  test('a regular expression finds parts, in the case that it is written in', async () => {
    expect(await where({ 'userAgent|re': '^aws-cli/2' })).toEqual(
      requests(({ userAgent }) => text(userAgent)?.startsWith('aws-cli/2') === true),
    )
    expect(await where({ 'userAgent|re|i': '^AWS-cli' })).toEqual(
      requests(({ userAgent }) => /^aws-cli/i.test(text(userAgent) ?? '')),
    )
  })

  test('cased compares letter by letter', async () => {
    expect(await where({ 'userAgent|cased': 'AWS-CLI/1' })).toEqual(
      requests(({ userAgent }) => userAgent === 'AWS-CLI/1'),
    )
    expect(await where({ 'userAgent|contains|cased': 'cli' })).toEqual(
      requests(({ userAgent }) => text(userAgent)?.includes('cli') === true),
    )
  })

  test('an event that no access log records is never found, and its opposite always', async () => {
    const detection = { s: { 'requestParameters.bucketName': 'photos' }, f: { eventName: 'ReplicateObject' } }
    const photos = requests((record) => record['requestParameters.bucketName'] === 'photos')
    expect(await found(compiled(rule({ ...detection, condition: 's or f' })))).toEqual(photos)
    expect(await found(compiled(rule({ ...detection, condition: 's and not f' })))).toEqual(photos)
  })

  test('an ACL of a bucket is told from that of an object', async () => {
    const bucket = compiled(rule({ s: { eventName: 'PutBucketAcl' }, condition: 's' }))
    expect(bucket).toBe("(operation IN ('REST.PUT.ACL') AND key IS NULL)")
  })
})

describe('what cannot be mapped is refused with its place', () => {
  const problems = (one: object | string): string[] => {
    try {
      readSigmaRules(typeof one === 'string' ? one : JSON.stringify(one)).map(compileSigma)
    } catch (error) {
      if (error instanceof SigmaError) return error.problems.map(({ at, fact }) => `${at}: ${fact}`)
      throw error
    }
    return []
  }
  const of = (selection: object, condition = 's') => problems(rule({ s: selection, condition }))

  test('all of it at once', () => {
    expect(
      of({ 'userIdentity.type': 'Root', 'userAgent|base64': 'x', awsRegion: 'a', 'status|gt': 'b' }),
    ).toEqual([
      'detection.s.userIdentity.type: no access log holds this field',
      'detection.s.userAgent: the modifier base64 is not understood',
      'detection.s.awsRegion: no access log holds this field',
      'detection.s.status: "b" is no number',
    ])
    expect(
      problems({ title: '', level: 'loud', logsource: { product: 'windows' }, detection: { condition: '' } }),
    ).toEqual([
      'title: it is missing',
      'level: "loud" is unknown',
      'logsource: {"product":"windows"} is not what access logs can tell',
      'detection: it is missing',
      'detection.condition: it is missing',
    ])
  })

  test.each([
    [{ eventSource: 'iam.amazonaws.com', eventName: 'GetObject' }, 's', 'no event of it is in access logs'],
    [{ eventSource: 's3.amazonaws.com' }, 's', 'every request matches'],
    [{ eventName: 'GetObject' }, 's | count() > 5', 'it counts rows'],
    [{ eventName: 'GetObject' }, 's and t', "'t' is no selection"],
    [{ eventName: 'GetObject' }, 's s', "'s' stands where and or or is expected"],
    [{ eventName: 'GetObject' }, '(s', 'a ( is not closed'],
    [{ eventName: 'GetObject' }, '1 of t*', "'t*' fits no selection"],
    [{ eventName: 'GetObject' }, 's and', 'it ends too early'],
    [{ eventName: 'GetObject' }, `${'('.repeat(99)}s${')'.repeat(99)}`, 'it is nested too deeply'],
    [{ 'sourceIPAddress|cidr': '10.0.0.999/8' }, 's', "'10.0.0.999/8' is no IPv4 network"],
    [{ 'sourceIPAddress|cidr': '2001:db8::/32' }, 's', "'2001:db8::/32' is no IPv4 network"],
    [['keyword'], 's', '"keyword" names no field'],
    [{ key: { a: 1 } }, 's', '{"a":1} is no value'],
    [{ key: [] }, 's', '[] is no value'],
  ])('%j, %s: %s', (selection, condition, fact) => {
    expect(of(selection, condition).map((problem) => problem.replace(/^.*?: /, ''))).toEqual([fact])
  })

  test.each(['', 'a: [', 'null', '5', '- a', `a: ${'x'.repeat(70_000)}`, 'a: &a [*a]', '\0'])(
    'a file that is no rule: %j',
    (file) => {
      expect(problems(file)).not.toEqual([])
    },
  )

  test('whatever a rule holds, it becomes SQL that the gate reads or is refused', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.constant(null),
      fc.constantFrom("'", '*?\\', '%_', "') OR 1=1 --"),
    )
    const name = fc.constantFrom(
      'userAgent',
      'userAgent|contains',
      'key|re',
      'sourceIPAddress|cidr',
      'eventName',
      'status',
      'userAgent|cased',
    )
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(value, fc.array(value)), { minKeys: 1 }), (selection) => {
        try {
          const sql = compiled(rule({ s: selection, condition: 's' }))
          // Outside of its texts no SQL of a rule's author stands.
          expect(sql.replaceAll(/'(?:[^']|'')*'/g, '')).toMatch(
            /^(?:[()<>=~,. \d-]|lower|operation|user_agent|key|remote_ip|status|split_part|cast|AS int|BETWEEN|IS|NOT|NULL|IN|AND|OR|LIKE|ILIKE)*$/,
          )
        } catch (error) {
          if (!(error instanceof SigmaError)) throw error
        }
      }),
      { numRuns: 3000 },
    )
  })
})
