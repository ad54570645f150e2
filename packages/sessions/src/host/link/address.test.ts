import { expect, test } from 'vitest'
import { toLinkAddress } from './address.js'

test.each([
  [' https://parley.example/ ', 'wss://parley.example/api/hosts/link'],
  ['https://parley.example/base//', 'wss://parley.example/base/api/hosts/link'],
  ['wss://parley.example/api/hosts/link/', 'wss://parley.example/api/hosts/link'],
  ['http://localhost:3001', 'ws://localhost:3001/api/hosts/link'],
  ['ws://127.0.0.1:3001', 'ws://127.0.0.1:3001/api/hosts/link'],
  ['http://[::1]:3001', 'ws://[::1]:3001/api/hosts/link'],
])('%j is dialled as %j', (text, url) => {
  expect(toLinkAddress(text)).toEqual({ url, isLocal: false })
})

test('the path of a socket is dialled as such', () => {
  expect(toLinkAddress('/run/parley/link.sock')).toEqual({
    url: 'ws+unix:/run/parley/link.sock:/api/hosts/link',
    isLocal: true,
  })
})

test.each(['ftp://a', 'nothing', '', 'https://user:secret@host', 'ws://', '/run/a:b.sock'])(
  '%j is refused',
  (text) => {
    expect(() => toLinkAddress(text)).toThrow()
  },
)

test('another machine is not dialled without encryption, unless that is allowed', () => {
  expect(() => toLinkAddress('http://parley.example')).toThrow(/wss/)
  expect(() => toLinkAddress('ws://127.evil.example')).toThrow(/wss/)
  expect(toLinkAddress('http://parley.example', true).url).toBe('ws://parley.example/api/hosts/link')
})
