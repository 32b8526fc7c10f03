import { lookup as systemLookup } from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { InvalidError } from '../errors.ts'

/** Gives every address of a host. */
export type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

export interface GuardedLookupOptions {
  resolve?: Resolve
  isPublic?: (address: string) => boolean
}

/**
 * A `lookup` for an agent: resolves anew for each connection, hands on exactly the addresses that it checked, and fails
 * with InvalidError `endpoint_refused` when any of them is not public.
 */
export function createGuardedLookup({
  resolve = systemLookup,
  isPublic = isPublicAddress,
}: GuardedLookupOptions = {}): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) callback(error ?? new Error(`no address of ${host}`), [])
      else if (!addresses.every(({ address }) => isPublic(address))) callback(refusal(host), [])
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** Throws InvalidError `endpoint_refused` for a URL whose host is an address, which no lookup ever sees, and not a public one. */
export function checkLiteralAddress(url: string): void {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refusal(host)
}

/** True for an address that is reachable from the whole internet (IANA's special-purpose registries). */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special4.check(address, 'ipv4')
  // A zone (fe80::1%eth0) names an interface of this machine.
  if (family !== 6 || address.includes('%')) return false
  return global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}

function refusal(host: string): InvalidError {
  return new InvalidError(
    `Cannot connect to ${host}: it has an address that is not public`,
    'only the operator can allow that, with ALLOWED_ENDPOINTS',
    'endpoint_refused',
  )
}

function subnets(family: 'ipv4' | 'ipv6', text: string): BlockList {
  const list = new BlockList()
  for (const subnet of text.trim().split(/\s+/)) {
    const [net = '', bits] = subnet.split('/')
    list.addSubnet(net, Number(bits), family)
  }
  return list
}

// "This network", private, CGNAT, loopback, link-local (metadata), protocol assignments, documentation, 6to4 relays,
// benchmarking, multicast, reserved and broadcast; 168.63.129.16 is Azure's metadata server.
const special4 = subnets(
  'ipv4',
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
  192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`,
)
// All that is global lies here: loopback, mapped, NAT64, discard, ULA, link-local and multicast lie outside.
const global6 = subnets('ipv6', '2000::/3')
// Teredo, benchmarking and ORCHID; documentation; 6to4; documentation.
const special6 = subnets('ipv6', '2001::/23 2001:db8::/32 2002::/16 3fff::/20')
