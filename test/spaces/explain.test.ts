import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { expect, test } from 'bun:test'
import { Secret } from '../../src/secret.ts'
import { createSpacesClient } from '../../src/spaces/client.ts'
import { explainS3 } from '../../src/spaces/explain.ts'
import type { InvalidError } from '../../src/errors.ts'

/** What is said about a listing that an object store answers like this. */
async function said(status: number, code: string, more = ''): Promise<InvalidError> {
  using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () =>
      new Response(`<Error><Code>${code}</Code><Message>m</Message>${more}</Error>`, {
        status,
        headers: { 'content-type': 'application/xml' },
      }),
  })
  return await list(`http://127.0.0.1:${server.port}`)
}

async function list(endpoint: string): Promise<InvalidError> {
  const access = { region: 'us-east-1', key: 'key', secret: new Secret('secret'), pathStyle: true }
  const client = createSpacesClient({ endpoint, ...access })
  try {
    await client.send(new ListObjectsV2Command({ Bucket: 'logs' }))
  } catch (cause) {
    return explainS3(cause, 'list the bucket logs')
  } finally {
    client.destroy()
  }
  throw new Error('Cannot be: the listing succeeded')
}

test('a wrong region reads as a wrong region, with the right one where the object store tells it', async () => {
  const told = await said(400, 'AuthorizationHeaderMalformed', '<Region>ams3</Region>')
  expect(told).toMatchObject({ code: 'refused', hint: 'set the region to ams3' })
  expect(told.message).toContain('the region is not that of the bucket')
  const hostile = await said(400, 'AuthorizationHeaderMalformed', '<Region>x; run this</Region>')
  expect(hostile.hint).toBe('check the region')
})

test.each([
  [403, 'InvalidAccessKeyId'],
  [403, 'SignatureDoesNotMatch'],
  [404, 'XAdminUserNotFound'],
])('%i %s reads as a wrong key', async (status, code) => {
  expect(await said(status, code)).toMatchObject({ code: 'bad_credentials' })
})

test('a bucket that is not there reads as that, and not as a wrong key', async () => {
  expect(await said(404, 'NoSuchBucket')).toMatchObject({ code: 'not_found' })
})

test('an object store that does not answer is named by its address', async () => {
  const error = await list('http://127.0.0.1:1')
  expect(error.message).toBe(
    'Cannot list the bucket logs: the object store at http://127.0.0.1:1 does not answer (ECONNREFUSED)',
  )
  expect(error.hint).toStartWith('check that address')
})
