import { expect, test } from 'bun:test'
import { InvalidError } from '../../src/errors.ts'
import { freePort } from '../../src/servers/port.ts'

test('freePort gives the preferred port while it is free', async () => {
  const { port } = await freePort(0)
  expect(await freePort(port)).toEqual({ port, taken: false })
})

test('freePort gives another port, and says so, when the preferred one is taken', async () => {
  using listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port, taken } = await freePort(listener.port)
  expect(taken).toBe(true)
  expect(port).toBeGreaterThan(0)
  expect(port).not.toBe(listener.port)
})

test('freePort refuses an address that is not of this machine', () => {
  expect(freePort(0, '192.0.2.1')).rejects.toThrow(InvalidError)
})
