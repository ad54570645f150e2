import { describe, expect, test } from 'vitest'
import { bothGrounds, discord, openPlane, type Plane, type TestGround, telegram } from './support/plane.js'

async function openWithGateway(on: TestGround) {
  const plane = await openPlane({ on })
  const gateway = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const peer = await plane.greet(gateway, discord, telegram)
  peer.isAcking = true
  return { plane, gateway, peer }
}

const channel = (plane: Plane, id: string, scopeId: string) =>
  plane.sim().addChat({ id, type: 'group', name: 'ops', scopeId, parentId: null, members: null })

describe.each(bothGrounds)('who receives, on $name', (on) => {
  const bot = `<@${discord.botId}>`

  /** A has a chat of its own in which others may write. */
  const openGranted = async () => {
    const opened = await openWithGateway(on)
    const { plane, gateway } = opened
    for (const id of ['ana', 'cara', 'dora', 'robot'])
      await plane.sim().addUser({ id, name: id, isBot: id === 'robot' })
    await plane.sim().addScope({ id: 'G1', name: 'Guild', members: ['ana', 'cara', 'dora', 'robot'] })
    for (const id of ['granted', 'free', 'other']) await channel(plane, id, 'G1')
    const token = plane.tokenOf(gateway)
    const post = async (path: string, body: object) => {
      const answer = await plane.call(path, { platform: 'discord', ...body }, { token })
      expect(answer.status, path).toBe(200)
    }
    for (const chatId of ['granted', 'free']) await post('/manage/scope', { scopeId: 'G1', chatId })
    return { ...opened, post }
  }

  // proves: relay.f24, relay.p20, relay.f26
  test('what is authorised, seen and relevant, by the policies of this moment', async () => {
    const { plane, peer, post } = await openGranted()
    const said: string[] = []
    let marks = 0
    const say = async (userId: string, chatId: string, text: string, isDelivered: boolean) => {
      const marked = `${text} #${++marks}`
      await plane.sim().say({ userId, chatId, text: marked })
      if (isDelivered) said.push(marked)
    }
    // The owner is always heard; others only as the policy says, which at first says: nobody.
    await say('ana', 'other', 'owner', true)
    await say('cara', 'granted', bot, false)
    await post('/manage/principal', { policy: 'allow-list', userIds: ['cara'] })
    await say('cara', 'granted', bot, true)
    await say('dora', 'granted', bot, false)
    await say('cara', 'other', bot, false)
    // Without a policy of relevance the bot must be addressed.
    await say('cara', 'granted', 'not to you', false)
    await post('/relay/policy', { requireAddress: true, freeResponseScopes: ['free'], allowOtherBots: false })
    await say('cara', 'free', 'free', true)
    await say('cara', 'granted', 'not to you', false)
    await post('/manage/principal', { policy: 'any' })
    await say('dora', 'granted', bot, true)
    await say('robot', 'granted', bot, false)
    await post('/relay/policy', { requireAddress: false, freeResponseScopes: [], allowOtherBots: true })
    await say('robot', 'granted', 'a bot', true)
    await say('dora', 'granted', 'anything', true)
    // The latest policy is the whole policy.
    await post('/relay/policy', {})
    await say('dora', 'free', 'no more', false)
    await say('robot', 'granted', bot, false)
    // Who loses the chat hears no more of it, the owner aside.
    await plane.sim().addChat({
      id: 'granted',
      type: 'group',
      name: 'ops',
      scopeId: 'G1',
      parentId: null,
      members: ['cara', 'dora'],
    })
    await say('dora', 'granted', bot, false)
    await post('/manage/scope/release', { scopeId: 'G1', chatId: 'free' })
    await say('dora', 'free', bot, false)
    await say('ana', 'free', 'end', true)

    await peer.got('inbound', said.length)
    await peer.read()
    expect(peer.heard).toEqual(said)
  })

  // proves: relay.f25
  test('linked people of one guild reach each only their own, and their direct messages the one they chose', async () => {
    const { plane, peer, gateway } = await openWithGateway(on)
    const second = await plane.enrol('org-a', 'a2', { people: ['al'] })
    const other = await plane.enrol('org-b', 'b', { people: ['ana', 'ben'] })
    const [peer2, peerB] = [await plane.greet(second), await plane.greet(other)]
    for (const one of [peer2, peerB]) one.isAcking = true
    const direct = (text: string) =>
      plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text })
    for (const userId of ['al', 'ben'])
      await plane.sim().say({ userId, chatId: 'C1', scopeId: 'G1', text: `of ${userId}` })
    // She is linked twice: the later link has her direct messages, until she chooses.
    await direct('to the latest')
    const choose = (of: typeof gateway) =>
      plane.call('/manage/dm-default', { platform: 'discord', userId: 'ana' }, { token: plane.tokenOf(of) })
    expect((await choose(gateway)).status).toBe(200)
    await direct('to the chosen')
    expect((await choose(second)).status).toBe(404)
    await peer.got('inbound')
    await peer2.got('inbound')
    await peerB.got('inbound', 2)

    expect([peer.heard, peer2.heard, peerB.heard]).toEqual([
      ['to the chosen'],
      ['of al'],
      ['of ben', 'to the latest'],
    ])
  })
})
