import { expect, test } from 'bun:test'
import { checkLiteralAddress, createGuardedLookup, isPublicAddress } from '../../src/spaces/guarded-lookup.ts'

const notPublic = `
0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 168.63.129.16 169.254.0.0
169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.88.99.1 192.168.0.0 192.168.255.255
198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255
:: ::1 ::ffff:8.8.8.8 ::ffff:127.0.0.1 ::ffff:7f00:1 ::127.0.0.1 64:ff9b::8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1::
2001:2::1 2001:10::1 2001:1ff:ffff::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1 3fff:fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 febf::1 fec0::1
ff02::1 1fff::1 4000::1 fe80::1%eth0 2606:4700::1%eth0`
const open = `
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255
172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 2000::1 2001:200::1 2001:4860:4860::8888 2003::1
2606:4700::1 2604:a880::1 2a03:b0c0::1 3ffe:ffff::1`
const words = (text: string) => text.trim().split(/\s+/)

test.each(words(notPublic))('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBeFalse()
})

test.each(words(open))('%s is public', (address) => {
  expect(isPublicAddress(address)).toBeTrue()
})

test.each(['', 'localhost', '127.1', '0x7f.0.0.1', '8.8.8.8 ', '8.8.8', '[2606:4700::1]', '１.1.1.1'])(
  'what is no plain address is not public: "%s"',
  (text) => {
    expect(isPublicAddress(text)).toBeFalse()
  },
)

/** What the callback of a `lookup` got. */
function look(addresses: string[], options: { all?: boolean }): Promise<unknown[]> {
  const lookup = createGuardedLookup({
    resolve: (_host, _options, found) =>
      found(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
  })
  return new Promise((resolve) => lookup('spaces.example', options, (...got) => resolve(got)))
}

test('an agent that asks for all addresses gets the list, one that does not gets the first', async () => {
  const addresses = ['8.8.8.8', '2606:4700::1']
  expect(await look(addresses, { all: true })).toEqual([
    null,
    [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ],
  ])
  expect(await look(addresses, { all: false })).toEqual([null, '8.8.8.8', 4])
  expect(await look(addresses, {})).toEqual([null, '8.8.8.8', 4])
})

test('one address that is not public spoils them all, in both forms', async () => {
  for (const options of [{ all: true }, {}]) {
    const [error, address] = await look(['8.8.8.8', '10.0.0.1'], options)
    expect([error, address]).toMatchObject([{ code: 'endpoint_refused' }, []])
  }
})

test('the text of a refusal does not tell what a name resolves to', async () => {
  const [error] = await look(['10.1.2.3'], { all: true })
  expect(`${error}`).toContain('spaces.example')
  expect(`${error}`).not.toContain('10.1.2.3')
})

test('a name without an address is an error', async () => {
  expect((await look([], { all: true }))[0]).toBeInstanceOf(Error)
})

test('a URL of an address, which no lookup ever sees, is checked too', () => {
  for (const url of [
    'https://127.0.0.1',
    'http://[::1]:9000',
    'https://2130706433',
    'https://[::ffff:8.8.8.8]',
  ])
    expect(() => checkLiteralAddress(url)).toThrow('not public')
  for (const url of ['https://8.8.8.8', 'https://[2606:4700::1]', 'https://spaces.example'])
    checkLiteralAddress(url)
})
