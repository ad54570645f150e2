import { describe, expect, it } from 'vitest'
import { openDoor } from './door.test.support.js'

const paths = ['/interactions/discord/b1', '/relay/edge/discord/b1']

describe.each(paths)('a delivery at %s', (path) => {
  it('reaches the bot with its very bytes, by any method', async () => {
    const { ask, edged } = await openDoor()
    const body = new Uint8Array([0, 255, 13, 10, 128])
    const headers = { 'x-signature-ed25519': 'ab', 'content-type': 'application/json' }

    const answer = await ask('POST', `${path}?a=1&b=%2F`, { body, headers })
    await ask('PUT', path, { body: '' })
    await ask('GET', path)

    expect([answer.status, answer.text, answer.headers.get('x-from')]).toEqual([202, 'taken', 'platform'])
    expect(edged.map(({ method }) => method)).toEqual(['POST', 'PUT', 'GET'])
    expect(edged[0]).toMatchObject({ path: `${path}?a=1&b=%2F`, body })
    expect(edged[0]?.headers.get('x-signature-ed25519')).toBe('ab')
    expect(edged[2]?.body).toHaveLength(0)
  })

  it('is at most 256 KiB', async () => {
    const { ask, edged } = await openDoor()
    expect((await ask('POST', path, { body: new Uint8Array(262_144) })).status).toBe(202)
    const refused = await ask('POST', path, { body: new Uint8Array(262_145) })

    expect([refused.status, refused.body]).toEqual([413, { error: 'payload too large' }])
    expect(edged).toHaveLength(1)
  })

  it('for no bot is not found', async () => {
    const { ask } = await openDoor()
    for (const wrong of [
      path.replace('b1', 'b2'),
      path.replace('discord', 'sim'),
      `${path}/x`,
      `${path}%00`,
    ]) {
      const answer = await ask('POST', wrong, { body: 'x' })
      expect([answer.status, answer.body]).toEqual([404, { error: 'not found' }])
    }
  })

  it('is answered without a body where there is none, and counted when it is refused', async () => {
    const { ask, bot, deps } = await openDoor()
    bot.onEdge = async () => ({ status: 204 })
    expect([(await ask('POST', path, { body: 'x' })).status]).toEqual([204])
    bot.onEdge = async () => ({ status: 401, body: 'invalid request signature' })
    const refused = await ask('POST', path, { body: 'x' })

    expect([refused.status, refused.text]).toEqual([401, 'invalid request signature'])
    expect(deps.tally.read()['edge.refused']).toBe(1)
  })
})

it('a driver that fails shows nothing of it', async () => {
  const { ask, bot, faults } = await openDoor()
  bot.onEdge = () => Promise.reject(new Error('bot-token-canary'))
  const answer = await ask('POST', '/interactions/discord/b1', { body: 'x' })

  expect([answer.status, answer.body]).toEqual([500, { error: 'internal error' }])
  expect(faults).toHaveLength(1)
})
