import { isIP } from 'node:net'

/** Elysia's server, as far as it knows who is at the other end. */
export interface Listening {
  requestIP(request: Request): { address: string } | null
}

/** What reverse proxies tell of a request, as far as the operator has said that there are any. */
export interface ClientAddress {
  /** Null where there is no connection, as in tests. */
  of(request: Request, server: Listening | null): string | null
  /** Whether the client itself speaks https. */
  isSecure(request: Request): boolean
}

/**
 * `hops` reverse proxies stand before SpaceWatch. Each adds whom it heard to the end of X-Forwarded-For; what stands
 * before those entries is the client's own claim and counts for nothing. Without proxies the header does not count.
 */
export function createClientAddress(hops: number): ClientAddress {
  return {
    of(request, server) {
      const heard = server?.requestIP(request)?.address ?? null
      const entries = (request.headers.get('x-forwarded-for') ?? '').split(',').map(withoutPort)
      const told = hops > 0 ? entries.at(-Math.min(hops, entries.length)) : undefined
      return told && isIP(told) !== 0 ? told : heard
    },
    isSecure(request) {
      const told = hops > 0 ? request.headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim() : null
      return (told ?? new URL(request.url).protocol.replace(':', '')) === 'https'
    },
  }
}

function withoutPort(entry: string): string {
  return entry
    .trim()
    .replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
    .replace(/^\[([^\]]+)\](?::\d+)?$/, '$1')
}
