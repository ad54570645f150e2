import { testGrounds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { staticCallers } from '../callers/index.js'
import { makeKey } from '../callers/keys.test.support.js'
import type { RelayOptions } from '../options.js'
import { createAuthentication } from './authenticate.js'
import { caller, openRoom, operator, signToken, stranger } from './credentials.test.support.js'

const [inMemory] = await testGrounds()

async function open(options: RelayOptions = {}) {
  const key = await makeKey('RS256', 'k')
  const room = await openRoom(inMemory!, { operatorKeys: { keys: [key.published] }, ...options })
  const authentication = createAuthentication(room.deps, { verify: room.verify })
  const jwt = (claims: Record<string, unknown>) =>
    key.sign({ exp: room.seconds() + 60, sub: 'ana', ...claims })
  return { ...room, ...authentication, jwt }
}

const unauthenticated = { status: 401, message: 'unauthorized' }

describe('a gateway', () => {
  it('is known by its upgrade token, from the stored record', async () => {
    const { enrol, authenticate, authenticateManager, seconds } = await open()
    const { secret } = await enrol({ gatewayId: 'gw-1', instanceId: 'inst' })
    const token = signToken(secret, 'gw-1', seconds() + 300)
    const gateway = { gatewayId: 'gw-1', tenant: 'org-17', instanceId: 'inst' }

    expect(await authenticate(token)).toEqual(gateway)
    expect(await authenticateManager(token)).toEqual(gateway)
    for (const wrong of [undefined, '', 'x', signToken(secret, 'gw-2', seconds() + 300)])
      await expect(authenticate(wrong)).rejects.toMatchObject(unauthenticated)
    await expect(authenticate(signToken(secret, 'gw-1', seconds() - 1))).rejects.toMatchObject(
      unauthenticated,
    )
  })

  it('has so many calls a minute, and its neighbour has its own', async () => {
    const { enrol, authenticate, clock, seconds } = await open({ limits: { callsPerMinute: 3 } })
    const tokens: string[] = []
    for (const gatewayId of ['gw-1', 'gw-2'])
      tokens.push(signToken((await enrol({ gatewayId })).secret, gatewayId, seconds() + 300))
    for (let call = 0; call < 3; call++) await authenticate(tokens[0])

    await expect(authenticate(tokens[0])).rejects.toMatchObject({ status: 429, retryAfter: 60 })
    await authenticate(tokens[1])
    await clock.advance(60_000)
    await authenticate(tokens[0])
  })

  // proves: relay.p22
  it('is told nothing about its token while the store is away', async () => {
    const room = await open()
    const verify = () => Promise.reject(new Error('the database is away'))
    const { authenticate } = createAuthentication(room.deps, { verify })

    await expect(authenticate('x')).rejects.toMatchObject({ status: 503, message: 'temporarily unavailable' })
    expect(room.deps.faults).toHaveLength(1)
  })
})

describe('an operator', () => {
  it('acts for the instance of the audience, as it is stored', async () => {
    const { enrol, authenticate, authenticateManager, jwt } = await open()
    await enrol({ gatewayId: 'gw-1', instanceId: 'inst' })
    const token = await jwt({ aud: 'agent:inst', instanceId: 'other', tenant: 'org-18' })

    expect(await authenticateManager(token)).toEqual({
      gatewayId: 'gw-1',
      tenant: 'org-17',
      instanceId: 'inst',
      operator: 'ana',
    })
    // Only where the contract has it: media and policy are a gateway's.
    await expect(authenticate(token)).rejects.toMatchObject(unauthenticated)
    await expect(authenticateManager(await jwt({ aud: 'agent:none' }))).rejects.toMatchObject({ status: 404 })
    await expect(authenticateManager('a.b.c')).rejects.toMatchObject(unauthenticated)
  })

  it('says which tenant, where two name an instance alike', async () => {
    const { enrol, authenticateManager, jwt, lifecycle } = await open()
    await enrol({ gatewayId: 'gw-1', instanceId: 'inst' })
    await enrol({ gatewayId: 'gw-2', instanceId: 'inst' }, stranger)
    const token = await jwt({ aud: 'agent:inst' })

    await expect(authenticateManager(token)).rejects.toMatchObject(unauthenticated)
    expect(await authenticateManager(await jwt({ aud: 'agent:inst', tid: 'org-18' }))).toMatchObject(stranger)
    await lifecycle.revoke(operator, 'gw-1')
    expect(await authenticateManager(token)).toMatchObject(stranger)
  })

  it('may deprovision again what is gone', async () => {
    const { enrol, authenticateManager, jwt, lifecycle, store } = await open()
    await enrol({ gatewayId: 'gw-1', instanceId: 'inst' })
    const token = await jwt({ aud: 'agent:inst' })
    await lifecycle.deprovision(operator, await authenticateManager(token))

    await lifecycle.deprovision(operator, await authenticateManager(token))

    expect(await store.instances.list({})).toEqual([])
  })

  it('is nobody where no keys are known', async () => {
    const { enrol, authenticateManager, jwt } = await open({ operatorKeys: { keys: [] } })
    await enrol({ gatewayId: 'gw-1', instanceId: 'inst' })
    const token = await jwt({ aud: 'agent:inst' })
    await expect(authenticateManager(token)).rejects.toMatchObject(unauthenticated)

    const room = await openRoom(inMemory!)
    const without = createAuthentication(room.deps, { verify: room.verify })
    await expect(without.authenticateManager(token)).rejects.toMatchObject(unauthenticated)
  })
})

describe('a caller', () => {
  it('is who the identity token proves', async () => {
    const { authenticateCaller } = await open({ verifyCaller: staticCallers({ good: 'org-17' }) })

    expect(await authenticateCaller('good')).toEqual(caller)
    for (const token of [undefined, '', 'bad', 'x'.repeat(20_000)])
      await expect(authenticateCaller(token)).rejects.toMatchObject(unauthenticated)
  })

  it('is nobody by default, and of no blank or endless tenant', async () => {
    const { authenticateCaller } = await open()
    await expect(authenticateCaller('good')).rejects.toMatchObject(unauthenticated)
    for (const tenant of ['', 'x'.repeat(201)]) {
      const other = await open({ verifyCaller: async () => ({ tenant }) })
      await expect(other.authenticateCaller('good')).rejects.toMatchObject(unauthenticated)
    }
  })

  it('is not refused because nobody could be asked', async () => {
    const verifyCaller = () => Promise.reject(new Error('https://id.example/?secret=hush is away'))
    const { authenticateCaller, deps } = await open({ verifyCaller })

    await expect(authenticateCaller('good')).rejects.toMatchObject({
      status: 503,
      message: 'temporarily unavailable',
    })
    expect(deps.faults).toHaveLength(1)
  })
})
