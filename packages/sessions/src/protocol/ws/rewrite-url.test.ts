import { expect, test } from 'vitest'
import { rewriteWebsocketUrl } from './rewrite-url.js'

test.each([
  ['ws://localhost:9999', 'https://app.example/api/runtimes', 'wss://app.example:9999/'],
  ['ws://127.0.0.1:9999/ws', 'http://app.example:8443/api', 'wss://app.example:8443/ws'],
  ['ws://[::1]:9999/ws?a=1', 'https://app.example/', 'wss://app.example:9999/ws?a=1'],
  ['ws://localhost:9999', 'http://localhost:3001/api', 'ws://localhost:9999'],
  ['ws://localhost:9999', 'http://127.0.0.1:3001/api', 'ws://localhost:9999'],
  ['ws://localhost:9999', 'http://[::1]:3001/api', 'ws://localhost:9999'],
  ['wss://host.example/ws', 'https://app.example/', 'wss://host.example/ws'],
  ['no address', 'https://app.example/', 'no address'],
  ['ws://localhost:9999', 'no address', 'ws://localhost:9999'],
])('%s asked for under %s is %s', (stored, asked, rewritten) => {
  expect(rewriteWebsocketUrl(stored, asked)).toBe(rewritten)
})
