// The vectors of the relay's contract, computed by us and by Python that has only read the contract.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  buildSessionKey,
  dialUrl,
  encodeToken,
  httpUrl,
  type KeySource,
  type SessionKeyOptions,
} from '@parley/relay/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPython } from './python/relay/installed.test.support.js'
import { type Peer, startPeer } from './python/relay/peer.test.support.js'

type Vectors = {
  tokens: [payload: string, exp: number, token: string][]
  urls: [base: string, dial: string, provision: string][]
  /** Without a namespace: the default one. */
  keys: [key: string, source: Partial<KeySource>, options?: SessionKeyOptions][]
}
// The cast: the file is written for this test.
const vectors = JSON.parse(
  readFileSync(new URL('./python/relay/vectors.json', import.meta.url), 'utf8'),
) as Vectors

const secret = '0f'.repeat(32)
const isInstalled = await hasPython()
let python: Peer
beforeAll(async () => {
  if (isInstalled) python = await startPeer('gateway')
})
afterAll(() => python?.stop())

describe.skipIf(!isInstalled)('we and a foreign gateway', () => {
  // proves: relay.f30
  test.each(vectors.tokens)('sign for %s until %i alike', async (payload, exp, token) => {
    const ours = encodeToken({ payload, exp }, (signed) =>
      createHmac('sha256', secret).update(signed).digest('hex'),
    )

    expect(ours).toBe(token)
    expect(await python.ask('token', { gateway_id: payload, secret, exp })).toBe(token)
  })

  // proves: relay.f1
  test.each(vectors.urls)('derive the addresses of %j alike', async (base, dial, provision) => {
    const theirs = [
      await python.ask<string>('dial_url', { base }),
      await python.ask<string>('http_url', { base, route: '/relay/provision' }),
    ]

    expect([dialUrl(base), httpUrl(base, '/relay/provision')]).toEqual([dial, provision])
    expect(theirs).toEqual([dial, provision])
    expect(dialUrl(dial)).toBe(dial)
  })

  // proves: relay.f10
  test.each(vectors.keys)('name the session %s of %j alike, with %j', async (name, about, options = {}) => {
    const key = name.startsWith('agent:') ? name : `agent:main:${name}`
    // The cast: the vectors name what counts for the key.
    const source = { platform: 'discord', user_id: null, thread_id: null, ...about } as KeySource
    const { groupSessionsPerUser, threadSessionsPerUser, profile, era } = options
    const asked = {
      source,
      group_per_user: groupSessionsPerUser ?? true,
      thread_per_user: threadSessionsPerUser ?? false,
      profile: profile ?? null,
      era: era ?? 'current',
    }

    expect(buildSessionKey(source, options)).toBe(key)
    expect(await python.ask('session_key', asked)).toBe(key)
  })
})
