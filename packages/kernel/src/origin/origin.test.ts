import { describe, expect, it } from 'vitest'
import { isHostAllowed, isOriginAllowed } from './origin.js'

describe('an origin', () => {
  const self = ['https://parley.example', 'http://localhost:3000']

  it.each([
    [null, [], true],
    ['https://parley.example', [], true],
    ['https://parley.example:443', [], true],
    ['https://parley.example:8443', [], false],
    ['http://parley.example', [], false],
    ['http://localhost:3000', [], true],
    ['https://app.example', ['https://APP.example/'], true],
    ['https://app.example.evil', ['https://app.example'], false],
    ['null', [], false],
    ['null', ['null'], true],
    ['chrome-extension://abc', [], false],
    ['chrome-extension://abc', ['chrome-extension://abc'], true],
    ['chrome-extension://xyz', ['chrome-extension://abc'], false],
    ['garbage', ['garbage'], false],
    ['', [], false],
    ['https://anyone.example', ['*'], true],
  ])('%s with %j allowed: %s', (origin, allowed, expected) => {
    expect(isOriginAllowed(origin, self, allowed)).toBe(expected)
  })
})

describe('a host', () => {
  const allowed = ['parley.example', 'dev.example:8443', '*.tunnel.example']

  it.each([
    ['127.0.0.1:3000', true],
    ['[::1]:3000', true],
    ['localhost', true],
    ['app.localhost:3000', true],
    ['parley.example', true],
    ['PARLEY.example:9000', true],
    ['dev.example:8443', true],
    ['dev.example', false],
    ['a.tunnel.example', true],
    ['tunnel.example', false],
    ['atunnel.example', false],
    ['evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['user@localhost', false],
    ['localhost/x', false],
    ['', false],
    [undefined, false],
  ])('%s is allowed: %s', (host, expected) => {
    expect(isHostAllowed(host, allowed)).toBe(expected)
  })
})
