import { expect, test } from 'bun:test'
import { connect } from 'node:net'
import { credentialsFromHeaders } from '../../src/server/given-credentials.ts'

/** What a server reads as the log prefix of a request whose header holds these very bytes. */
async function received(bytes: Buffer): Promise<string | undefined> {
  let prefix: string | undefined
  using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch({ headers }) {
      prefix = credentialsFromHeaders(headers).log_prefix
      return new Response()
    },
  })
  const head = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Log-Prefix: ')
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect(server.port ?? 0, '127.0.0.1', () =>
    socket.write(Buffer.concat([head, bytes, Buffer.from('\r\n\r\n')])),
  )
  socket.on('error', reject).on('end', resolve).resume()
  await promise
  return prefix
}

test.each([
  ['access/', 'access/'],
  ['zugriffe-ü/日志/', 'zugriffe-ü/日志/'],
  ['zugriffe-%C3%BC/%e6%97%a5/', 'zugriffe-ü/日/'],
  ['100%25/', '100%/'],
  ['100%/', '100%/'],
  ['a%2Fb+c/', 'a/b+c/'],
])('the log prefix %s of a header is read as %s', async (sent, prefix) => {
  expect(await received(Buffer.from(sent, 'utf8'))).toBe(prefix)
})

test('a prefix that is no UTF-8 is refused with the remedy, and never looked for as something else', () => {
  for (const value of ['zugriffe-\xfc/', 'zugriffe-%FC/'])
    expect(() => credentialsFromHeaders(new Headers({ 'x-log-prefix': value }))).toThrow(
      expect.objectContaining({ code: 'invalid', hint: 'send it percent-encoded' }),
    )
})
