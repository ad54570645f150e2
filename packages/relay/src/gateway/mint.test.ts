import { expect, test } from 'vitest'
import { decodeToken } from '../protocol/index.js'
import { mintToken } from './mint.js'

// proves: relay.f2
test('a token lives for 300 s, and is signed with the secret as text', () => {
  const token = mintToken({ gatewayId: 'gw-demo', secret: '0f'.repeat(32) }, { now: () => 1_999_999_700_400 })

  expect(token).toBe(
    'Z3ctZGVtbzoyMDAwMDAwMDAwOjZhNGU2YjViMmE3ZjM1NDE0NTQyZjA3YTNjMDMxMzAyMGM2ZTRkZDE2NTI4YTFjZTI3MmNjNWI5MzEwMWQxY2Q',
  )
  expect(decodeToken(token)?.exp).toBe(2_000_000_000)
})
