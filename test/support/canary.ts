import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { freePort } from '../../src/servers/port.ts'

/** Listens where nobody may call, and counts who does. */
export interface Canary {
  port: number
  /** Connections that were accepted, and the first line of what each said. */
  connections: number
  said: string[]
  close(): Promise<void>
}

/** Listens on 127.0.0.1, and on the same port of ::1 where there is one; without `reply` it hangs up. */
export async function startCanary(reply = '', port = 0): Promise<Canary> {
  const canary = { port, connections: 0, said: [] as string[] }
  const open = new Set<Socket>()
  const servers: Server[] = []
  if (port === 0) canary.port = (await freePort(0, '127.0.0.1')).port
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer((socket) => {
      canary.connections++
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => open.delete(socket))
      socket.once('data', (bytes: Buffer) => {
        canary.said.push(bytes.toString('latin1').split('\r\n', 1)[0] ?? '')
        socket.end(reply)
      })
    })
    const listens = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(canary.port, host, () => resolve(true))
    })
    if (listens) servers.push(server)
    else if (host === '127.0.0.1') throw new Error(`Cannot listen on ${host}:${canary.port}`)
  }
  return Object.assign(canary, {
    async close() {
      for (const socket of open) socket.destroy()
      for (const server of servers) await new Promise((resolve) => server.close(resolve))
    },
  })
}
