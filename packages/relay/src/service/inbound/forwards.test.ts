import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { buildSessionKey, decodePassthrough, interactionToMessage } from '../../protocol/index.js'
import { aForward } from '../fake-bot.test.support.js'
import { noticeShortKey } from '../short-keys.js'
import { createVault } from '../vault/vault.js'
import { instance, openInbound, type TestInbound } from './inbound.test.support.js'

const capability = { kind: 'discord.interaction_token', secret: 'canary-token' }
const interaction = (body: object) => ({
  ...aForward().forward,
  body: new TextEncoder().encode(JSON.stringify(body)),
})
const guildCommand = interaction({
  type: 2,
  id: 'i1',
  channel_id: 'c1',
  guild_id: 's1',
  data: { name: 'new' },
  member: { user: { id: 'u1', username: 'mira' } },
})

async function start(): Promise<TestInbound> {
  const one = await openInbound()
  await one.add('a1', 'b1', 'b2')
  await one.bind('u1', 'a1')
  await one.bind('u2', 'b1')
  return one
}

// proves: relay.f15
describe('a forward', () => {
  it('reaches those whom a message would reach, byte for byte', async () => {
    const one = await start()
    const body = new Uint8Array(randomBytes(1_024))
    const forward = {
      ...aForward().forward,
      body,
      headers: [
        ['a', '1'],
        ['a', '2'],
      ] as [string, string][],
    }

    await one.sink.forward(aForward({ forward }))
    await one.sink.forward(aForward({ forward }))

    const [frame, ...more] = await one.frames('a1')
    expect(more).toEqual([])
    expect(frame).toMatchObject({ type: 'passthrough_forward', bufferId: expect.stringMatching(/^buf_/) })
    expect(decodePassthrough(frame!.forward)).toEqual(forward)
    expect(await one.frames('b1')).toEqual([])
    expect(await one.decisions()).toMatchObject([{ chatId: 'c1', userId: 'u1', reason: 'owner' }])
  })

  it('can be answered under the name without its author, by an instance that was seen using such names', async () => {
    const one = await start()
    const { deps } = one
    const bots = [{ platform: 'discord', botId: 'b1' }]
    const short = 'agent:main:discord:group:c1'
    const ask = () => createVault(deps).resolve(instance('a1'), bots, short, capability.kind)

    await one.sink.forward(aForward({ dedupe: '1', forward: guildCommand, capability }))
    expect(await ask()).toBeUndefined()
    await noticeShortKey(deps, instance('a1'), bots, 'agent:main:discord:group:never-seen')
    await one.sink.forward(aForward({ dedupe: '2', forward: guildCommand, capability }))
    expect(await ask()).toBeUndefined()
    await noticeShortKey(deps, instance('a1'), bots, short)
    await one.sink.forward(aForward({ dedupe: '3', forward: guildCommand, capability }))

    expect(await ask()).toMatchObject({ secret: capability.secret })
  })

  it('is forgotten with what it can be answered with', async () => {
    const one = await start()

    await one.sink.forward(aForward({ dedupe: '1' }))
    await one.sink.forward(aForward({ dedupe: '2', capability }))

    const rows = await one.deps.store.entries.list(instance('a1'), { after: 0, limit: 9 })
    expect(rows.map(({ kind, createdAt, expiresAt }) => [kind, (expiresAt - createdAt) / 1_000])).toEqual([
      ['passthrough', 900_000],
      ['passthrough', 870_000],
    ])
  })

  it('reaches nobody for a stranger, and nothing is kept for it', async () => {
    const one = await start()

    await one.sink.forward(aForward({ forward: guildCommand, capability, author: { id: 'u9' } }))

    expect(await one.frames('a1')).toEqual([])
    const key = 'agent:main:discord:group:c1:u1'
    expect(await one.deps.store.vault.find('a', key, capability.kind)).toBeUndefined()
  })
})

// proves: relay.f16, relay.p7
describe('what was taken out of a forward', () => {
  it.each([
    ['today', 'agent:main:discord:group:c1:u1', 's1', guildCommand],
    ['in the first era', 'agent:main:relay:channel:c1:u1', 's1', guildCommand],
    [
      'today, directly',
      'agent:main:discord:dm:c1',
      null,
      interaction({ type: 2, id: 'i', channel_id: 'c1', data: { name: 'n' }, user: { id: 'u1' } }),
    ],
    [
      'in the first era, directly',
      'agent:main:relay:dm:c1',
      null,
      interaction({ type: 2, id: 'i', channel_id: 'c1', data: { name: 'n' }, user: { id: 'u1' } }),
    ],
  ])('is found by the key of %s, %s, by its instance alone', async (_era, key, scopeId, forward) => {
    const one = await start()
    const chat = scopeId === null ? ({ type: 'dm', scopeId } as const) : {}

    await one.sink.forward(aForward({ forward, capability, chat }))

    const vault = createVault(one.deps)
    const bots = [one.bot.identity]
    expect(await vault.resolve(instance('a1'), bots, key, capability.kind)).toMatchObject({
      secret: capability.secret,
    })
    expect(await vault.resolve(instance('a2'), bots, key, capability.kind)).toBeUndefined()
    expect(await vault.resolve(instance('b1'), bots, key, capability.kind)).toBeUndefined()
    expect(JSON.stringify([await one.frames('a1'), await one.decisions()])).not.toContain(capability.secret)
  })

  it('is for the own instance of the author, where two of one tenant get the forward', async () => {
    const one = await start()
    const { store, ground } = one.deps
    const chat = { platform: 'discord', scopeId: 's1', chatId: 'c1' }
    one.bot.chats.set('c1', { scopeId: 's1' })
    await one.add('a2')
    await one.bind('u3', 'a2')
    await ground.log.commit({
      ops: [
        ...store.routing.grant({ ...instance('a2'), ...chat, createdAt: 1 }),
        store.routing.setPrincipals(instance('a2'), 'discord', { policy: 'any', userIds: [] }),
      ],
      appends: [],
    })

    await one.sink.forward(aForward({ forward: guildCommand, capability }))

    expect(await one.frames('a1')).toHaveLength(1)
    expect(await one.frames('a2')).toHaveLength(1)
    const kept = await store.vault.find('a', 'agent:main:discord:group:c1:u1', capability.kind)
    expect(kept).toMatchObject(instance('a1'))
  })

  it('is found by the key that a gateway computes of what it was passed', async () => {
    const one = await start()
    const thread = interaction({
      type: 2,
      id: 'i1',
      channel_id: 'T9',
      guild_id: 's1',
      channel: { type: 11, parent_id: 'c1' },
      data: { name: 'new' },
      member: { user: { id: 'u1' } },
    })

    await one.sink.forward(
      aForward({
        forward: thread,
        capability,
        chat: { id: 'T9', type: 'thread', threadId: 'T9', parentId: 'c1' },
      }),
    )

    const [frame] = await one.frames('a1')
    const key = buildSessionKey(interactionToMessage(decodePassthrough(frame!.forward))!.source)
    expect(key).toBe('agent:main:discord:thread:T9:T9')
    const found = await createVault(one.deps).resolve(
      instance('a1'),
      [one.bot.identity],
      key,
      capability.kind,
    )
    expect(found).toMatchObject({ secret: capability.secret, isFirst: true })
    expect(await one.deps.store.routing.sessionRoute('a', key, 0)).toMatchObject({ instanceId: 'a1' })
  })
})
