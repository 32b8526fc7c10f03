import { expect, test } from 'bun:test'
import { clientNetwork } from '../../src/server/client-network.ts'

test.each([
  ['203.0.113.77', '203.0.113.0'],
  ['::ffff:203.0.113.77', '203.0.113.0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
  ['2001:db8::6', '2001:db8:0::'],
  ['2001:0DB8::6', '2001:db8:0::'],
  ['::1', '0:0:0::'],
  ['1::', '1:0:0::'],
  ['no address', null],
  [null, null],
])('of %p only the network %p is kept', (address, network) => {
  expect(clientNetwork(address)).toBe(network)
})
