import { fakeIds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { addressBlock } from '../limits/index.js'
import { clientAddress } from './client-address.js'
import { requestInfo } from './request-info.js'

const forwarded = (value: string) => ({ 'x-forwarded-for': value })
const proxies = ['10.0.0.0/8', '192.168.1.5', 'fd00::/8']

describe('the client address', () => {
  it.each([
    ['believes nobody by default', '203.0.113.9', forwarded('1.2.3.4'), [], '203.0.113.9'],
    ['does not believe a stranger', '203.0.113.9', forwarded('1.2.3.4'), proxies, '203.0.113.9'],
    ['is what the trusted proxy saw', '10.1.2.3', forwarded('1.2.3.4'), proxies, '1.2.3.4'],
    [
      'ignores what the client wrote before it',
      '10.1.2.3',
      forwarded('6.6.6.6, 1.2.3.4'),
      proxies,
      '1.2.3.4',
    ],
    [
      'walks through several proxies',
      '10.1.2.3',
      forwarded('1.2.3.4, 192.168.1.5, 10.9.9.9'),
      proxies,
      '1.2.3.4',
    ],
    ['stops at text that is no address', '10.1.2.3', forwarded('1.2.3.4, unknown'), proxies, '10.1.2.3'],
    ['is the proxy itself without the header', '10.1.2.3', {}, proxies, '10.1.2.3'],
    ['knows IPv4 inside IPv6', '::ffff:10.1.2.3', forwarded('::ffff:1.2.3.4'), proxies, '1.2.3.4'],
    ['knows IPv6 with brackets and port', 'fd00::1', forwarded('[2001:db8::7]:443'), proxies, '2001:db8::7'],
    ['knows IPv4 with a port', '10.1.2.3', forwarded('1.2.3.4:5678'), proxies, '1.2.3.4'],
    ['reads web headers too', '10.1.2.3', new Headers(forwarded('1.2.3.4')), proxies, '1.2.3.4'],
    ['is empty when the door does not know it', '', forwarded('1.2.3.4'), proxies, ''],
  ])('%s', (_name, socket, headers, trusted, expected) => {
    expect(clientAddress(socket, headers, trusted)).toBe(expected)
  })

  it.each(['example.com', '10.0.0.0/33', '10.0.0.0/x', 'fd00::/129', ''])(
    'refuses the setting "%s"',
    (entry) => {
      expect(() => clientAddress('10.0.0.1', {}, [entry])).toThrow(RangeError)
    },
  )
})

describe('what a limit counts by', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['2001:0DB8:0000:0001:ffff:1:2:3', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, block) => {
    expect(addressBlock(address)).toBe(block)
  })
})

describe('the request id', () => {
  const options = { ids: fakeIds(), trustedProxies: proxies }
  const idFor = (socket: string, sent: string) =>
    requestInfo(socket, { 'x-request-id': sent }, options).requestId

  it('is kept from a trusted proxy', () => {
    expect(idFor('10.1.2.3', 'edge-12345678')).toBe('edge-12345678')
  })

  it.each([
    ['203.0.113.9', 'edge-12345678'],
    ['10.1.2.3', 'short'],
    ['10.1.2.3', 'forged" level=error'],
    ['10.1.2.3', 'x'.repeat(129)],
  ])('is made here for %s sending "%s"', (socket, sent) => {
    expect(idFor(socket, sent)).toMatch(/^req_[0-9a-f]{32}$/)
  })
})
