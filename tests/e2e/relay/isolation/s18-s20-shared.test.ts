import { describe, expect, test } from 'vitest'
import { bothGrounds, discord, openPlane } from '../support/plane.js'

const command = (name: string, description = `does ${name}`) => ({ name, description })
const names = (commands: readonly { name: string }[]) => commands.map(({ name }) => name).join(' ')

// proves: relay.s18
test.each(bothGrounds)('commands of one tenant can not remove another’s, on $name', async (on) => {
  const plane = await openPlane({ on })
  const [a, b] = [await plane.enrol('org-a', 'a'), await plane.enrol('org-b', 'b')]
  const registered = () => names(plane.sim().commands)
  const hello = async (gateway: typeof a, command_manifest: unknown) => {
    const peer = await plane.dial(gateway)
    await peer.hello({ ...discord, command_manifest })
    peer.kill()
  }

  await hello(a, [
    command('new'),
    command('status'),
    { name: 'Bad Name' },
    null,
    7,
    { name: 'nodescription' },
  ])
  await plane.passing(() => registered() === 'new status')
  await hello(b, [command('deploy'), command('new', 'of B')])
  await plane.passing(() => registered() === 'deploy new status')
  // None of what B may say takes away what A has.
  for (const manifest of [
    [],
    null,
    'x',
    { length: 100 },
    [{ name: 'new', description: '' }],
    [{ name: 'status', delete: true }],
  ]) {
    await hello(b, manifest)
    await plane.passing(() => registered() === 'new status')
    await hello(b, [command('deploy')])
    await plane.passing(() => registered() === 'deploy new status')
  }
  expect(plane.sim().commands.find(({ name }) => name === 'new')?.description).toBe('does new')
  // As many as it likes: A's keep their place.
  await hello(
    b,
    Array.from({ length: 500 }, (_, n) => command(`b${String(n).padStart(3, '0')}`)),
  )
  await plane.passing(() => plane.sim().commands.length > 50)
  expect(plane.sim().commands.length).toBeLessThanOrEqual(100)
  expect(registered().split(' ')).toEqual(expect.arrayContaining(['new', 'status']))
  expect(plane.faults).toEqual([])
})

describe('what was said before', () => {
  // proves: relay.s19
  test('is told to those whose owner may see it, in that chat, and never of a direct one', async () => {
    const plane = await openPlane()
    const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
    const b = await plane.enrol('org-b', 'b', { people: ['ben'] })
    const sim = plane.sim()
    for (const id of ['ana', 'ben', 'cara']) await sim.addUser({ id, name: id })
    await sim.addScope({ id: 'G1', name: 'Guild', members: ['ana', 'ben', 'cara'] })
    const channel = (id: string, members: string[] | null) =>
      sim.addChat({ id, type: 'group', name: 'ops', scopeId: 'G1', parentId: null, members })
    await channel('open', null)
    await channel('secret-of-ben', ['ben', 'cara'])
    const [peerA, peerB] = [await plane.greet(a), await plane.greet(b)]
    for (const peer of [peerA, peerB]) peer.isAcking = true

    await sim.say({ userId: 'ben', chatId: 'secret-of-ben', text: 'canary of a channel' })
    await sim.say({ userId: 'ben', chatId: 'direct-ben', chatType: 'dm', text: 'canary of a direct chat' })
    await sim.say({ userId: 'cara', chatId: 'open', text: 'for all' })
    await sim.say({ userId: 'ana', chatId: 'open', text: 'what was it?' })
    await sim.say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'and here?' })
    await sim.say({ userId: 'ben', chatId: 'secret-of-ben', text: 'and here?' })
    const [inOpen, direct] = (await peerA.got('inbound', 2)).map(({ event }) => event)

    expect(inOpen.context).toEqual([{ text: 'for all', source: { user_name: 'cara', user_id: 'cara' } }])
    expect(direct).not.toHaveProperty('context')
    expect(JSON.stringify(peerA.texts)).not.toContain('canary')
    const ofBen = (await peerB.got('inbound', 3)).map(({ event }) => event)
    expect(ofBen.at(-1).context).toEqual([
      { text: 'canary of a channel', source: { user_name: 'ben', user_id: 'ben' } },
    ])
  })

  // proves: relay.s19, relay.f26
  test('is told to nobody whose owner has lost the chat', async () => {
    const plane = await openPlane()
    const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
    const sim = plane.sim()
    for (const id of ['ana', 'cara']) await sim.addUser({ id, name: id })
    await sim.addScope({ id: 'G1', name: 'Guild', members: ['ana', 'cara'] })
    const channel = (members: string[]) =>
      sim.addChat({ id: 'C1', type: 'group', name: 'ops', scopeId: 'G1', parentId: null, members })
    await channel(['ana', 'cara'])
    const token = plane.tokenOf(a)
    const chat = { platform: 'discord', scopeId: 'G1', chatId: 'C1' }
    expect((await plane.call('/manage/scope', chat, { token })).status).toBe(200)
    expect(
      (await plane.call('/manage/principal', { platform: 'discord', policy: 'any' }, { token })).status,
    ).toBe(200)
    const peer = await plane.greet(a)
    peer.isAcking = true
    const say = (text: string) =>
      sim.say({ userId: 'cara', chatId: 'C1', text: `<@${discord.botId}> ${text}` })

    await say('one')
    await peer.got('inbound')
    await channel(['cara'])
    await say('canary')
    await sim.say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'two' })
    await peer.got('inbound', 2)

    expect(peer.heard).toEqual([`<@${discord.botId}> one`, 'two'])
    expect(JSON.stringify(peer.texts)).not.toContain('canary')
  })
})

// proves: relay.s20
test.each(bothGrounds)(
  'a gateway that reads nothing delays nobody, and loses nothing, on $name',
  async (on) => {
    const plane = await openPlane({ on })
    const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
    const b = await plane.enrol('org-b', 'b', { people: ['ben'] })
    const [calm, stuck] = [await plane.greet(a), await plane.greet(b)]
    calm.isAcking = true
    stuck.socket.pause()
    const large = 'x'.repeat(30_000)
    const count = 200

    for (let n = 0; n < count; n++) {
      await plane.sim().say({ userId: 'ben', chatId: 'direct-ben', chatType: 'dm', text: `${n} ${large}` })
      if (n % 20 === 0) {
        const before = calm.heard.length
        await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: `to A ${n}` })
        await calm.got('inbound', before + 1)
        expect(await calm.ask({ op: 'get_chat_info', chat_id: 'direct-ana' })).toMatchObject({
          success: true,
        })
      }
    }
    stuck.kill()
    const again = await plane.dial(b)
    again.isAcking = true
    await again.hello(discord)
    await again.got('inbound', count)

    const numbers = again.heard.map((text) => Number(text.split(' ')[0]))
    expect(numbers).toEqual(Array.from({ length: count }, (_, n) => n))
    expect(calm.heard).toHaveLength(10)
  },
)
