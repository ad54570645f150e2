import { expect, it } from 'vitest'
import { isPublicAddress, toAllowedPrivate } from './address-rules.js'

const publicAddresses = `
  1.1.1.1  8.8.8.8  100.63.255.255  100.128.0.0  172.15.255.255  172.32.0.0  192.0.1.0  223.255.255.255
  2606:4700:4700::1111  2001:4860:4860::8888  2a00:1450:4001::1  ::ffff:8.8.8.8  64:ff9b::8.8.8.8`

const others = `
  0.0.0.0  0.1.2.3  10.0.0.1  100.64.0.1  100.127.255.255  127.0.0.1  127.255.255.255  169.254.169.254  172.16.0.1
  172.31.255.255  192.0.0.8  192.0.2.1  192.88.99.1  192.168.1.1  198.18.0.1  198.19.255.255  198.51.100.7
  203.0.113.9  224.0.0.1  239.255.255.255  240.0.0.1  255.255.255.255
  ::  ::1  ::127.0.0.1  ::ffff:127.0.0.1  ::ffff:7f00:1  ::ffff:10.0.0.1  ::ffff:a9fe:a9fe  ::ffff:0:127.0.0.1
  64:ff9b::10.0.0.1  64:ff9b::a9fe:a9fe  64:ff9b:1::8.8.8.8  100::1  2001::1  2001:0:4136:e378:8000:63bf:3fff:fdd2
  2001:10::1  2001:20::1  2001:db8::1  2002:7f00:1::  2002:808:808::1  3fff::1  5f00::1  fc00::1  fd12:3456::1
  fe80::1  fe80::1%eth0  2606:4700::1%eth0  fec0::1  ff02::1
  localhost  127.1  0x7f000001  2130706433  example.com`

const list = (text: string) => text.trim().split(/\s+/)

it.each(list(publicAddresses))('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

it.each(list(others))('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

it('allows hosts, addresses and blocks that a setting names', () => {
  const allowed = toAllowedPrivate(['Hooks.Internal', '10.1.2.3', '192.168.7.0/24', 'fd00::/8'])

  expect(['hooks.internal.', 'x.hooks.internal'].map(allowed.hasHost)).toEqual([true, false])
  expect(
    ['10.1.2.3', '10.1.2.4', '192.168.7.9', '::ffff:192.168.7.9', 'fd12::1', 'fe80::1'].map(
      allowed.hasAddress,
    ),
  ).toEqual([true, false, true, true, true, false])
})

it.each(['10.0.0.0/33', '10.0.0/8', 'host/8', 'fd00::/129', '10.0.0.0/'])(
  'refuses the setting %s',
  (entry) => {
    expect(() => toAllowedPrivate([entry])).toThrow(
      expect.objectContaining({ code: 'kernel.invalid_request' }),
    )
  },
)
