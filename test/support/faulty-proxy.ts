import { createServer, connect } from 'node:net'
import type { Socket } from 'node:net'

/** What befalls one exchange: a request and its reply. */
export type Fault =
  /** The server does what it was asked, and its reply never arrives. */
  | { kind: 'reply dropped' }
  /** This text instead of the server's reply; the server hears nothing. */
  | { kind: 'answered'; reply: string }
  /** The connection is reset before the server hears anything. */
  | { kind: 'reset' }
  /** The connection ends in good order after so many bytes of the reply. */
  | { kind: 'truncated'; after_bytes: number }
  /** Every piece of the reply waits. */
  | { kind: 'slow'; pause_ms: number }

export interface FaultyProxy {
  port: number
  /** Exchanges seen, and how many met which fault. */
  exchanges: number
  faults: Record<string, number>
  close(): Promise<void>
}

export interface FaultyProxyOptions {
  target: { host: string; port: number }
  /** Asked once for each exchange; null lets it pass. `name` is what it is counted as. */
  plan: () => { name: string; fault: Fault } | null
}

/**
 * Passes TCP between a client and a server on loopback, unchanged but for the planned faults. It reads no HTTP: an
 * exchange begins with the first bytes of the client after a reply, and the first bytes of a reply say that the server
 * is done. That holds for clients that do not pipeline.
 */
export async function startFaultyProxy({ target, plan }: FaultyProxyOptions): Promise<FaultyProxy> {
  const open = new Set<Socket>()
  const proxy = { port: 0, exchanges: 0, faults: {} as Record<string, number> }

  function begin(): Fault | null {
    proxy.exchanges++
    const planned = plan()
    if (planned === null) return null
    proxy.faults[planned.name] = (proxy.faults[planned.name] ?? 0) + 1
    return planned.fault
  }

  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...target, noDelay: true })
    let asking = false
    let fault: Fault | null = null
    let left_bytes = Infinity

    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (bytes: Buffer) => {
      if (!asking) {
        asking = true
        fault = begin()
        left_bytes = fault?.kind === 'truncated' ? fault.after_bytes : Infinity
      }
      if (fault?.kind === 'reset') client.resetAndDestroy()
      else if (fault?.kind === 'answered') client.end(fault.reply)
      else passOn(bytes, client, upstream)
    })
    upstream.on('data', (bytes: Buffer) => {
      asking = false
      if (fault?.kind === 'reply dropped') {
        client.resetAndDestroy()
        return
      }
      if (bytes.length > left_bytes) {
        upstream.removeAllListeners('data')
        client.end(bytes.subarray(0, left_bytes))
        return
      }
      left_bytes -= bytes.length
      if (fault?.kind === 'slow') {
        upstream.pause()
        setTimeout(() => upstream.resume(), fault.pause_ms)
      }
      passOn(bytes, upstream, client)
    })
    upstream.on('end', () => client.end())
    client.on('end', () => upstream.end())
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return Object.assign(proxy, {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function passOn(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.write(bytes)) return
  from.pause()
  to.once('drain', () => from.resume())
}
