import { testGrounds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { caller, openRoom, operator, signToken, stranger } from './credentials.test.support.js'
import { fakeGateway } from './gateway.test.support.js'
import { createVerifyToken } from './verify-token.js'

const [inMemory] = await testGrounds()
const openMemory = () => openRoom(inMemory!)
const secret = '0f'.repeat(32)
const vectors = {
  'gw-demo, for ever':
    'Z3ctZGVtbzowOmZiOGVkNTJkYTU5NGM2MDA0NTVkNjQxYjlhNDliMTkyZTg2ODQ4Y2ViYzUzNjJiOTI4YzRmYzI0MWI1ZWJjMDM',
  'gw-demo':
    'Z3ctZGVtbzoyMDAwMDAwMDAwOjZhNGU2YjViMmE3ZjM1NDE0NTQyZjA3YTNjMDMxMzAyMGM2ZTRkZDE2NTI4YTFjZTI3MmNjNWI5MzEwMWQxY2Q',
  'team:a:gw-1':
    'dGVhbTphOmd3LTE6MjAwMDAwMDAwMDowOTAzNTcyOTViM2U3OGEyYWY4ZmY5YjU3MWYwNTkzMDkxNGE1ZDk2ZjlmYjcxNzNhZjNjM2M1NDlkZTg5MGFk',
  'gw-é':
    'Z3ctw6k6MjAwMDAwMDAwMDo2YWNlN2Q3ODYzMmJkZmQ1MzFiNTI1MzFlMGY0ZGVjN2M0MjY5YjEzYWQyYTg5OWViZjVjYjMzNDdkZTA5OTQy',
  'gw-demo, long ago':
    'Z3ctZGVtbzoxOmZlNDA5MWViY2Y4NjQwYjhiNmU0ZDdjYzVjNGFkYmE0ZTZlMDNkNTRhYThhY2Q2ODllNTc5NGQxMTVkOTUxMGM',
}
/** A moment in which the vectors' 2000000000 is 100 s ahead. */
const start = 1_999_999_900_000

async function openWith(gatewayIds: string[], at = start) {
  const room = await openMemory()
  await room.clock.advance(at - room.clock.now())
  for (const gatewayId of gatewayIds) await fakeGateway(room, { gatewayId, secret })
  return room
}

describe('the vectors of the contract', () => {
  // proves: relay.f2 relay.p1
  it.each(['gw-demo', 'team:a:gw-1', 'gw-é'] as const)('accept %s', async (gatewayId) => {
    const { verify } = await openWith([gatewayId])
    const gateway = { gatewayId, tenant: 'org-17', instanceId: gatewayId }

    expect(await verify(vectors[gatewayId])).toEqual({ outcome: 'accepted', gateway })
    expect(signToken(secret, gatewayId, 2_000_000_000)).toBe(vectors[gatewayId])
  })

  it('tell an expired one, and refuse one that is good for ever', async () => {
    const { verify } = await openWith(['gw-demo'])

    expect(await verify(vectors['gw-demo, long ago'])).toEqual({ outcome: 'expired' })
    expect(await verify(vectors['gw-demo, for ever'])).toEqual({ outcome: 'unauthorized' })
  })

  // proves: relay.f2
  it('are accepted with padding, and with any one bit flipped not', async () => {
    const { verify } = await openWith(['gw-é', 'gw-demo'])
    const token = vectors['gw-é']
    const bytes = Buffer.from(token, 'base64url')

    expect(await verify(`${token}${'='.repeat((4 - (token.length % 4)) % 4)}`)).toMatchObject({
      outcome: 'accepted',
    })
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      // The case of a hex digit says nothing.
      if (flipped.toString().toLowerCase() === bytes.toString().toLowerCase()) continue
      expect(await verify(flipped.toString('base64url')), `bit ${bit}`).toEqual({ outcome: 'unauthorized' })
    }
  })
})

describe('a token', () => {
  // proves: relay.s4 relay.p3
  it('is good for 300 s, any number of times, and only for its own gateway', async () => {
    const { verify, clock, seconds } = await openWith(['gw-1', 'gw-2'])
    const token = signToken(secret, 'gw-1', seconds() + 300)

    for (let dial = 0; dial < 3; dial++) expect((await verify(token)).outcome).toBe('accepted')
    await clock.advance(300_000)
    expect((await verify(token)).outcome).toBe('accepted')
    await clock.advance(1_000)
    expect((await verify(token)).outcome).toBe('expired')
  })

  // proves: relay.s4
  it('of A does not speak for B, nor for an unknown one', async () => {
    const room = await openMemory()
    const exp = room.seconds() + 300
    const a = await room.enrol({ gatewayId: 'gw-a' })
    await room.enrol({ gatewayId: 'gw-b' }, stranger)

    for (const name of ['gw-b', 'gw-c', 'gw-a ', 'GW-A'])
      expect(await room.verify(signToken(a.secret, name, exp))).toEqual({ outcome: 'unauthorized' })
    expect((await room.verify(signToken(a.secret, 'gw-a', exp))).outcome).toBe('accepted')
  })

  // proves: relay.s5
  it('that says more than it was signed for is refused, whatever its length', async () => {
    const { verify, seconds } = await openWith(['gw-1', 'gw-1:9'])
    const exp = seconds() + 300
    const [, , sig] = Buffer.from(signToken(secret, 'gw-1', exp), 'base64url')
      .toString()
      .split(':')
    const write = (...parts: unknown[]) => Buffer.from(parts.join(':')).toString('base64url')

    expect((await verify(write('gw-1', exp, sig))).outcome).toBe('accepted')
    expect((await verify(write('gw-1', exp, sig!.toUpperCase()))).outcome).toBe('accepted')
    for (const forged of [
      write('gw-1', exp + 1, sig),
      write('gw-1', `0${exp}`, sig),
      write('gw-1:9', exp, sig),
      write('gw-1', exp, ''),
      write('gw-1', exp, sig!.slice(2)),
      write('gw-1', exp, `${sig}00`),
      write('gw-1', exp, `${sig}zz`),
      write('gw-1', exp, `${sig}0`),
      write('gw-1', exp, 'zz'.repeat(32)),
      write('gw-1', exp, '00'.repeat(32)),
      write('gw-1', exp),
      write('gw-1', 'soon', sig),
      write('gw-1', '', sig),
    ])
      expect(await verify(forged), forged).toEqual({ outcome: 'unauthorized' })
  })

  it('is too good when it lives longer than an hour', async () => {
    const { verify, seconds } = await openWith(['gw-1'])

    expect((await verify(signToken(secret, 'gw-1', seconds() + 3_600))).outcome).toBe('accepted')
    expect((await verify(signToken(secret, 'gw-1', seconds() + 3_601))).outcome).toBe('unauthorized')
  })

  it('that is expired says so only to who holds a secret', async () => {
    const { verify, seconds } = await openWith(['gw-1'])
    const exp = seconds() - 1

    expect(await verify(signToken(secret, 'gw-1', exp))).toEqual({ outcome: 'expired' })
    expect(await verify(signToken('1f'.repeat(32), 'gw-1', exp))).toEqual({ outcome: 'unauthorized' })
    expect(await verify(signToken(secret, 'gw-2', exp))).toEqual({ outcome: 'unauthorized' })
  })

  it.each([undefined, '', ' ', 'a', '....', 'é', '\0', 'A'.repeat(100_000), '=', 'Z3c', 'null', '-_-_'])(
    'of nonsense is refused: %j',
    async (token) => {
      const { verify } = await openWith(['gw-1'])
      expect(await verify(token)).toEqual({ outcome: 'unauthorized' })
    },
  )
})

describe('the verify list', () => {
  // proves: relay.f3
  it('accepts the former secret for a day, and the new one at once', async () => {
    const room = await openMemory()
    const first = await room.enrol({ gatewayId: 'gw-1' })
    const second = await room.enrolment.rotateGateway(operator, 'gw-1')

    expect(second.secret).not.toBe(first.secret)
    expect(await room.outcomeOf(second.secret, 'gw-1')).toBe('accepted')
    await room.clock.advance(86_400_000 - 1)
    expect(await room.outcomeOf(first.secret, 'gw-1')).toBe('accepted')
    await room.clock.advance(1)
    expect(await room.outcomeOf(first.secret, 'gw-1')).toBe('unauthorized')
    expect(await room.outcomeOf(second.secret, 'gw-1')).toBe('accepted')
  })

  // proves: relay.f3
  it('has two at most, and none lives longer because of a rotation', async () => {
    const room = await openMemory()
    const first = await room.enrol({ gatewayId: 'gw-1' })
    await room.clock.advance(3_600_000)
    const second = await room.enrol({ gatewayId: 'gw-1' })
    await room.clock.advance(3_600_000)
    const before = await room.store.gateways.find('gw-1')
    await room.enrolment.provision(caller, { gatewayId: 'gw-1', platform: 'sim', botId: 'b' })
    expect((await room.store.gateways.find('gw-1'))?.secrets).toEqual(before?.secrets)
    const third = await room.enrol({ gatewayId: 'gw-1' })

    expect(await room.outcomeOf(first.secret, 'gw-1')).toBe('unauthorized')
    expect(await room.outcomeOf(second.secret, 'gw-1')).toBe('accepted')
    expect(await room.outcomeOf(third.secret, 'gw-1')).toBe('accepted')
  })

  it('with an empty secret verifies nothing', async () => {
    const room = await openMemory()
    await fakeGateway(room, { gatewayId: 'gw-1', secret: '' })

    expect(await room.outcomeOf('', 'gw-1')).toBe('unauthorized')
  })

  // proves: relay.s4
  it('is empty after a revocation, also for tokens that were made before', async () => {
    const room = await openMemory()
    const { secret: mine } = await room.enrol({ gatewayId: 'gw-1' })
    const token = signToken(mine, 'gw-1', room.seconds() + 300)
    expect((await room.verify(token)).outcome).toBe('accepted')

    await room.lifecycle.revoke(operator, 'gw-1')

    expect(await room.verify(token)).toEqual({ outcome: 'unauthorized' })
    expect((await room.store.gateways.find('gw-1'))?.secrets).toEqual([])
    for (const name of ['gw-1', 'unknown'])
      for (const guess of ['', '0'.repeat(64), 'undefined', 'null'])
        expect(await room.outcomeOf(guess, name)).toBe('unauthorized')
  })
})

// proves: relay.s4
it('a row that is revoked and has its secrets still verifies nothing', async () => {
  const room = await openWith(['gw-1'])
  const op = room.store.gateways.change('gw-1', { revokedAt: room.clock.micros() })
  await room.deps.ground.log.commit({ ops: [op], appends: [] })

  expect(await room.outcomeOf(secret, 'gw-1')).toBe('unauthorized')
})

// proves: relay.p22
it('a store that can not be asked says nothing of the token', async () => {
  const room = await openWith(['gw-1'])
  const token = signToken(secret, 'gw-1', room.seconds() + 300)
  const find = () => Promise.reject(new Error('the database is away'))
  const gateways = { ...room.store.gateways, find }
  const verify = createVerifyToken({ ...room.deps, store: { ...room.store, gateways } })

  await expect(verify(token)).rejects.toThrow('the database is away')
})

it('a secret that was sealed with another key says nothing of the token either', async () => {
  const room = await openWith(['gw-1'])
  const open = () => {
    throw new Error('not our key')
  }
  const verify = createVerifyToken({ ...room.deps, sealer: { ...room.deps.sealer, open } })

  await expect(verify(signToken(secret, 'gw-1', room.seconds() + 300))).rejects.toThrow('not our key')
})
