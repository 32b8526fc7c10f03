import { isIP } from 'node:net'

/** The network that an address is in, /24 or /48: enough to tell callers apart, too little to know who they are. Null for no address. */
export function clientNetwork(address: string | null | undefined): string | null {
  const plain = plainAddress(address)
  return isIP(plain) === 4 ? plain.replace(/\d+$/, '0') : network6(plain, 3)
}

/** What one client surely has to itself: an IPv4 address, or a /64. Null for no address. */
export function clientBlock(address: string | null | undefined): string | null {
  const plain = plainAddress(address)
  return isIP(plain) === 4 ? plain : network6(plain, 4)
}

function plainAddress(address: string | null | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
}

function network6(address: string, groups: number): string | null {
  if (isIP(address) !== 6) return null
  // Of all addresses only this writes out what `::` left out.
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : 8 - before.length - tail.split(':').filter(Boolean).length
  const whole = [...before, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':')]
  return `${whole
    .slice(0, groups)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':')}::`
}
