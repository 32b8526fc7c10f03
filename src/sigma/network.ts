import { text } from '../store/sql.ts'
import { SigmaError } from './problem.ts'

/** True for addresses of an IPv4 network such as 10.16.0.0/12; throws SigmaError for what is none. */
export function networkCondition(column: string, network: string, at: string): string {
  const [, address = '', length = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(network) ?? []
  const octets = address.split('.').map(Number)
  const bits = Number(length)
  if (length === '' || bits > 32 || octets.some((octet) => octet > 255))
    throw new SigmaError([
      {
        at,
        fact: `'${network}' is no IPv4 network`,
        remedy: 'write 10.0.0.0/8; of IPv6 match how the address begins, with startswith',
      },
    ])
  const whole = Math.floor(bits / 8)
  const head = octets
    .slice(0, whole)
    .map((octet) => `${octet}.`)
    .join('')
  if (whole === 4) return `${column} = ${text(address)}`
  // An address of IPv6 has no dots, or is one of IPv4 with a head of its own.
  const conditions = [whole === 0 ? `${column} LIKE '%.%'` : `${column} LIKE ${text(`${head}%`)}`]
  const size = 2 ** (8 - (bits % 8))
  if (size < 256) {
    const first = Math.floor((octets[whole] ?? 0) / size) * size
    conditions.push(
      `cast(split_part(${column}, '.', ${whole + 1}) AS int) BETWEEN ${first} AND ${first + size - 1}`,
    )
  }
  return `(${conditions.join(' AND ')})`
}
