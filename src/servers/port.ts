import { createServer } from 'node:net'
import { InvalidError } from '../errors.ts'

/** `preferred` while it is free on `host`, else any other free port and `taken: true`; 0 takes any. */
export async function freePort(
  preferred: number,
  host = '127.0.0.1',
): Promise<{ port: number; taken: boolean }> {
  const port = await tryPort(preferred, host)
  if (port !== null) return { port, taken: false }
  const other = await tryPort(0, host)
  if (other === null) throw new InvalidError(`Cannot listen on ${host}: it is no address of this machine`)
  return { port: other, taken: true }
}

function tryPort(port: number, host: string): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>()
  const server = createServer()
  server.once('error', () => resolve(null))
  server.listen({ port, host, exclusive: true }, () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null))
  })
  return promise
}
