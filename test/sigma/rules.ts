import fc from 'fast-check'
import { operationsOfEvent } from '../../src/sigma/event-names.ts'
import type { Row } from './oracle.ts'

const texts = ['a', 'A', 'b', 'ab', 'aXb', 'a_b', 'a%b', "o'b", 'Ü', 'x/y/z.jpg', 'x/Y/', '50%_off']
const agents = ['aws-cli/2.1 Python', 'AWS-CLI/1', 'curl/8', 'TruffleHog', 'S3 Browser/9 (x_y)', null]
const addresses = [
  '10.0.0.1',
  '10.16.0.1',
  '10.31.255.9',
  '10.32.0.1',
  '192.168.1.7',
  '100.1.2.3',
  '2001:db8::1',
]
const requesters = ['arn:aws:iam::1:user/Bob', 'arn:aws:sts::1:assumed-role/deploy/i-1', 'owner', null]
const codes = ['AccessDenied', 'NoSuchKey', 'SlowDown', null]
// Each operation is that of one event here, so that a row is one CloudTrail record.
const events = [
  'GetObject',
  'PutObject',
  'DeleteObject',
  'DeleteObjects',
  'PutBucketLogging',
  'PutLifecycleConfiguration',
]

/** A row of `operations` and the CloudTrail record of the same request. */
export interface Logged {
  operation: string
  record: Row
}

const one = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

export const loggedRequest: fc.Arbitrary<Logged> = fc
  .record({
    eventName: one(events),
    sourceIPAddress: one(addresses),
    userAgent: one(agents),
    errorCode: one(codes),
    'userIdentity.arn': one(requesters),
    'requestParameters.bucketName': one(['photos', 'Backups']),
    'requestParameters.key': fc.option(one(texts), { freq: 5 }),
    'additionalEventData.bytesTransferredOut': fc.nat(1000),
    'tlsDetails.tlsVersion': one(['TLSv1.2', 'TLSv1.3', null]),
  })
  .map((record) => ({
    operation: operationsOfEvent[record.eventName]?.[0] ?? '',
    record: { eventSource: 's3.amazonaws.com', ...record },
  }))

/** What stands at both ends or at one place of a text, as a LIKE of the gate may have it. */
const wildcard = (plain: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 2, arbitrary: one(plain) },
    one(plain).map((text) => `*${text.slice(1)}`),
    one(plain).map((text) => `${text.slice(0, 2)}*`),
    one(plain).map((text) => `*${text.slice(1, 4)}*`),
    one(plain).map((text) => text.replace(/.$/u, '?')),
  )

const escaped = (texts: readonly (string | null)[]): string[] =>
  texts.flatMap((text) => (text === null ? [] : [text.replace(/[*?\\]/g, '\\$&')]))

const matchOf = (field: string, values: readonly (string | null)[]) => {
  const plain = escaped(values)
  const shaped = (modifier: string) =>
    fc
      .array(
        one(plain).map((text) => text.slice(0, 3)),
        { minLength: 1, maxLength: 2 },
      )
      .map((list) => ({ [`${field}|${modifier}`]: list }))
  return fc.oneof(
    fc.array(wildcard(plain), { minLength: 1, maxLength: 3 }).map((list) => ({ [field]: list })),
    shaped('contains'),
    shaped('contains|all'),
    shaped('startswith'),
    shaped('endswith'),
    fc.constant({ [field]: null }),
    fc.boolean().map((there) => ({ [`${field}|exists`]: there })),
  )
}

const match = fc.oneof(
  fc
    .array(one([...events, 'Put*', '*Object', 'Delete*']), { minLength: 1, maxLength: 2 })
    .map((eventName) => ({ eventName })),
  matchOf('userAgent', agents),
  matchOf('errorCode', codes),
  matchOf('userIdentity.arn', requesters),
  matchOf('requestParameters.key', texts),
  matchOf('requestParameters.bucketName', ['photos', 'backups']),
  one(['10.16.0.0/12', '10.0.0.0/8', '192.168.1.0/24', '10.16.0.1/32', '96.0.0.0/4']).map((network) => ({
    'sourceIPAddress|cidr': network,
  })),
  fc.tuple(one(['gt', 'gte', 'lt', 'lte']), fc.nat(1000)).map(([by, value]) => ({
    [`additionalEventData.bytesTransferredOut|${by}`]: value,
  })),
)

const selection = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(match, { minLength: 1, maxLength: 2 }).map((all) => Object.assign({}, ...all)),
  },
  fc.array(match, { minLength: 2, maxLength: 3 }),
)

/** A rule of up to three selections, as an author could write it. */
export const sigmaRule = fc
  .record({
    selection1: selection,
    selection2: selection,
    filter: selection,
    condition: one([
      'selection1',
      'selection1 and not filter',
      '1 of selection*',
      'all of selection* and not filter',
      'selection1 or selection2 and filter',
      'not (selection1 or filter) and selection2',
      'all of them',
      'not 1 of them',
      'selection1 and not 1 of filter*',
    ]),
  })
  .map((detection) => ({
    title: 'made up',
    logsource: { product: 'aws', service: 'cloudtrail' },
    detection,
  }))
