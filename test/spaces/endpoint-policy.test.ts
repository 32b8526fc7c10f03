import { expect, test } from 'bun:test'
import { InvalidError } from '../../src/errors.ts'
import { spacesRegions } from '../../src/spaces-regions.ts'
import { checkBucketName } from '../../src/spaces/bucket-name.ts'
import { createEndpointPolicy } from '../../src/spaces/endpoint-policy.ts'

const policy = createEndpointPolicy({ vouched: ['http://minio:9000', 'https://s3.example.org/store'] })

function refusal(endpoint: string | undefined, region: string | undefined): InvalidError {
  try {
    policy.check(endpoint, region)
  } catch (error) {
    if (error instanceof InvalidError) return error
  }
  throw new Error(`${endpoint} ${region} is taken`)
}

test('each region of Spaces may be called, over https, guarded', () => {
  for (const region of spacesRegions) {
    const expected = {
      endpoint: `https://${region}.digitaloceanspaces.com`,
      region,
      pathStyle: false,
      guarded: true,
    }
    expect(policy.check(expected.endpoint, undefined)).toEqual(expected)
    expect(policy.check(expected.endpoint, region)).toEqual(expected)
    expect(policy.check(undefined, region)).toEqual(expected)
    expect(policy.check('', region)).toEqual(expected)
  }
})

test('what the operator vouches for may be called as it is written, and is not guarded', () => {
  expect(policy.check('http://minio:9000', undefined)).toEqual({
    endpoint: 'http://minio:9000',
    region: 'us-east-1',
    pathStyle: true,
    guarded: false,
  })
  expect(policy.check('https://s3.example.org/store', 'eu-central-1')).toMatchObject({
    region: 'eu-central-1',
  })
})

test.each([
  'http://minio:9000/',
  'http://minio:9001',
  'https://minio:9000',
  'http://minio',
  'http://MINIO:9000',
  'http://minio.:9000',
  'http://x@minio:9000',
  'https://s3.example.org',
  'https://s3.example.org/store/x',
])('near what the operator vouches for is not it: %s', (endpoint) => {
  expect(refusal(endpoint, undefined).code).toBe('endpoint_refused')
})

test('a region that is not the endpoint’s, or none, is refused', () => {
  expect(refusal('https://nyc3.digitaloceanspaces.com', 'ams3').code).toBe('endpoint_refused')
  expect(refusal(undefined, 'mars').code).toBe('endpoint_refused')
  expect(refusal('http://minio:9000', 'a/b').code).toBe('endpoint_refused')
})

test('a refusal says what is allowed, and nothing of what the operator vouches for', () => {
  const { message, hint = '' } = refusal('https://example.org', undefined)
  expect(hint).toContain('https://REGION.digitaloceanspaces.com')
  for (const region of spacesRegions) expect(hint).toContain(region)
  expect(message + hint).not.toContain('minio')
})

test('without an endpoint and a region it is Spaces in sgp1, or the operator’s own', () => {
  expect(policy.check(undefined, undefined).endpoint).toBe('https://sgp1.digitaloceanspaces.com')
  const own = createEndpointPolicy({
    vouched: [],
    fallback: { endpoint: 'http://minio:9000', region: 'home' },
  })
  const expected = { endpoint: 'http://minio:9000', region: 'home', pathStyle: true, guarded: false }
  expect(own.check(undefined, undefined)).toEqual(expected)
  expect(own.check('http://minio:9000', '')).toEqual(expected)
  expect(own.check(undefined, 'home')).toEqual(expected)
  expect(own.check(undefined, 'nyc3').endpoint).toBe('https://nyc3.digitaloceanspaces.com')
})

test('the demo’s endpoint may be called once it is vouched for, and not before', () => {
  const later = createEndpointPolicy({ vouched: [] })
  expect(() => later.check('http://127.0.0.1:9100', undefined)).toThrow('may be called')
  later.vouch('http://127.0.0.1:9100')
  expect(later.check('http://127.0.0.1:9100', undefined)).toMatchObject({ guarded: false, pathStyle: true })
})

test.each(['logs', 'my-logs', 'a.b.c', '0a1', 'a'.repeat(63), 'my-logs-1.example'])(
  '%s is a bucket name',
  (name) => {
    expect(checkBucketName(name, 'the log bucket')).toBe(name)
  },
)

test('a bucket name that is none is refused by the name of its field', () => {
  for (const name of ['ab', 'a'.repeat(64), 'a..b', 'Logs', 'logs\n', 'a_b', 'a--x-s3', 'a/b', '.ab', 'ab-'])
    expect(() => checkBucketName(name, 'the log bucket')).toThrow('the log bucket')
})
