import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { openDoor } from './door.test.support.js'

const refusal = (code: string, message: string) =>
  expect.objectContaining({ message, data: { code, message: expect.any(String) } })

describe('who connects', () => {
  // proves: threads.t01
  test.each(['websocket', 'polling'] as const)(
    'is asked once over %s, and a stranger is refused',
    async (transport) => {
      let asked = 0
      const { connect } = await openDoor({
        authenticate: ({ auth }) => {
          asked += 1
          return auth.token === 'alice' ? people.alice! : null
        },
      })

      await expect(connect('nobody', { transport })).rejects.toEqual(
        refusal('unauthenticated', 'unauthenticated'),
      )
      expect(asked).toBe(1)
      await connect('alice', { transport })
      expect(asked).toBe(2)
    },
  )

  test('may be known by the headers of the request, whose names are in lower case', async () => {
    const { connect } = await openDoor()

    await connect('', { headers: { Authorization: 'Bearer alice' }, auth: {} })

    await expect(connect('', { auth: {} })).rejects.toEqual(refusal('unauthenticated', 'unauthenticated'))
  })

  test('learns nothing of a fault', async () => {
    const { connect, faults } = await openDoor({
      authenticate: () => {
        throw new Error('the database is on fire')
      },
    })

    await expect(connect('alice')).rejects.toEqual(refusal('internal', 'internal: internal error'))
    expect(faults).toEqual([new Error('the database is on fire')])
  })

  test('may have so many sockets, and again as many when they are closed', async () => {
    const { connect, sockets } = await openDoor({}, { perIdentity: 2 })
    const [first] = [await connect('alice'), await connect('alice')]

    await expect(connect('alice')).rejects.toEqual(
      refusal('rate_limited', 'rate_limited: more than 2 sockets'),
    )
    await connect('bob')
    first.socket.disconnect()
    await eventually(() => sockets.stats().sockets === 2)

    await connect('alice')
  })
})

describe('from time to time a credential is checked anew', () => {
  test('a refused one, or one of somebody else, ends the socket; a fault does not', async () => {
    const answers = { alice: people.alice as typeof people.alice | null, bob: people.bob, erin: people.erin }
    let fails = false
    const { connect, clock, faults, sockets } = await openDoor({
      revalidateSeconds: 60,
      authenticate: ({ auth }) => {
        if (fails) throw new Error('away')
        return answers[auth.token as 'alice'] ?? null
      },
    })
    const alice = await connect('alice')
    const bob = await connect('bob')
    const erin = await connect('erin')

    fails = true
    await clock.advance(60_000)
    await eventually(() => faults.length === 3)
    fails = false
    answers.alice = null
    answers.bob = people.carol
    await clock.advance(60_000)

    await Promise.all([alice.untilGone(), bob.untilGone()])
    expect(erin.socket.connected).toBe(true)
    expect(sockets.stats().sockets).toBe(1)
  })

  test('a new tenant counts at once', async () => {
    let tenant = { org: 'A', ws: 'X' }
    const { connect, clock, room } = await openDoor({
      revalidateSeconds: 60,
      authenticate: ({ headers }) => ({
        ...people.alice!,
        metadata: { tenant: headers.authorization ? { org: 'A', ws: 'X' } : tenant },
      }),
    })
    const id = await room()
    const alice = await connect('alice')
    await alice.join(id)

    tenant = { org: 'B', ws: 'X' }
    await clock.advance(60_000)

    expect(await alice.until('thread:left')).toEqual([{ thread_id: id, reason: 'tenant_changed' }])
    expect(await alice.join(id)).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('a door that stops', () => {
  test('closes every connection and leaves nothing behind', async () => {
    let checks = 0
    const { connect, sockets, room, clock } = await openDoor({
      revalidateSeconds: 60,
      authenticate: ({ headers, auth }) => {
        checks += 1
        return people[`${headers.authorization ? 'alice' : auth.token}`] ?? null
      },
    })
    const id = await room()
    const peers = [await connect('alice'), await connect('alice', { transport: 'polling' })]
    for (const peer of peers) await peer.join(id)
    expect(sockets.stats()).toEqual({ sockets: 2, rooms: 1 })
    const before = checks
    await clock.advance(60_000)
    await eventually(() => checks === before + peers.length)

    await sockets.stop()
    await clock.advance(120_000)

    for (const peer of peers) await peer.untilGone()
    expect(sockets.stats()).toEqual({ sockets: 0, rooms: 0 })
    expect(checks).toBe(before + peers.length)
    await expect(connect('alice')).rejects.toThrow()
    await expect(connect('alice', { transport: 'polling' })).rejects.toThrow()
  })
})

test('a peer that does not keep up is disconnected before its packets fill the memory', async () => {
  const { url, sockets, room, send } = await openDoor({}, { waitingChars: 5_000 })
  const id = await room()
  const door = `${url}/socket.io/?EIO=4&transport=polling`
  const { sid } = JSON.parse((await (await fetch(door)).text()).slice(1))
  const post = (body: string) => fetch(`${door}&sid=${sid}`, { method: 'POST', body })
  await post('40{"token":"alice"}')
  await eventually(() => sockets.stats().sockets === 1)
  await post(`420["thread:join",{"thread_id":"${id}"}]`)
  await eventually(() => sockets.stats().rooms === 1)

  for (let n = 0; n < 4; n++) await send('alice', id, 'x'.repeat(2_000))

  await eventually(() => sockets.stats().sockets === 0 && sockets.stats().rooms === 0)
})
