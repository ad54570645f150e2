// Two tenants behind one bot in one guild, and everything of the first that the second might know.
import { eventually } from '@parley/testkit'
import { afterAll, beforeAll } from 'vitest'
import type { Frame, Peer } from './peer.js'
import { discord, type Gateway, openPlane, type Plane, type PlaneOptions } from './plane.js'

export const guild = 'G1'
/** Channels of the guild: one for each, which nobody else sees, and one where both are. Direct chats are `direct-<person>`. */
export const chats = {
  a: 'channel-a',
  b: 'channel-b',
  both: 'channel-both',
  directA: 'direct-ana',
  directB: 'direct-ben',
}
/** A bot that only the first tenant may use. */
export const botOfA = { platform: 'discord', botId: '1180000000000000777' }

export type Known = {
  /** What A's agent said in its channel, in its direct chat, in its thread, and where both are. */
  said: string
  saidDirectly: string
  saidInThread: string
  saidToBoth: string
  /** What it said where both are, by a capability. */
  followedUp: string
  /** What A's person wrote in A's channel. */
  written: string
  thread: string
  promptMessage: string
  promptId: string
  mediaId: string
  mediaUrl: string
  /** Where a capability of A's is bound. */
  sessionKey: string
  bufferIds: string[]
}

export type TwoTenants = {
  plane: Plane
  a: { gateway: Gateway; peer: Peer }
  b: { gateway: Gateway; peer: Peer }
  known: Known
  /** What A has: everything anybody could have changed. */
  stateOfA(): unknown
}

/** One world for all tests of a file; answers how to get it, since it opens when the tests begin. */
export function sharedTwoTenants(options: PlaneOptions = {}): () => TwoTenants {
  const closers: (() => Promise<void>)[] = []
  let world: TwoTenants | undefined
  beforeAll(async () => {
    world = await openTwoTenants({ ...options, whenOver: (close) => closers.push(close) })
  })
  afterAll(async () => {
    for (const close of closers.reverse()) await close()
  })
  return () => world!
}

export async function openTwoTenants(options: PlaneOptions = {}): Promise<TwoTenants> {
  const plane = await openPlane(options)
  const sim = plane.sim()
  for (const id of ['ana', 'ben', 'cara']) await sim.addUser({ id, name: id })
  await sim.addScope({ id: guild, name: 'Guild', members: ['ana', 'ben', 'cara'] })
  const channel = (id: string, members: string[] | null) =>
    sim.addChat({ id, type: 'group', name: 'ops', scopeId: guild, parentId: null, members })
  await channel(chats.a, ['ana', 'cara'])
  await channel(chats.b, ['ben'])
  await channel(chats.both, null)
  await plane.operator.addBot({}, { driver: 'sim', ...botOfA, tenants: ['org-a'] })

  const gatewayA = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const gatewayB = await plane.enrol('org-b', 'b', { people: ['ben'] })
  await plane.callAs('org-a', '/relay/provision', {
    gatewayId: 'gw-a',
    instanceId: 'inst-a',
    ...discord,
    routeKeys: [guild],
  })
  const peerA = await plane.greet(gatewayA, discord, botOfA)
  const peerB = await plane.greet(gatewayB, discord)
  for (const peer of [peerA, peerB]) peer.isAcking = true

  const done = async (peer: Peer, action: object): Promise<Frame> => {
    const result = await plane.ask(peer, action)
    if (!result.success) throw new Error(`not done: ${JSON.stringify({ action, result })}`)
    return result
  }

  const written = await sim.say({ userId: 'ana', chatId: chats.a, text: 'of ana' })
  await sim.say({ userId: 'ana', chatId: chats.both, text: 'of ana, to both' })
  await sim.say({ userId: 'ana', chatId: chats.directA, chatType: 'dm', text: 'of ana, directly' })
  await sim.say({ userId: 'ben', chatId: chats.b, text: 'of ben' })
  await sim.say({ userId: 'ben', chatId: chats.both, text: 'of ben, to both' })
  await sim.say({ userId: 'ben', chatId: chats.directB, chatType: 'dm', text: 'of ben, directly' })
  await peerA.got('inbound', 3)
  await peerB.got('inbound', 3)

  const send = async (chat_id: string, content: string) =>
    String((await done(peerA, { op: 'send', chat_id, content })).message_id)
  const said = await send(chats.a, 'said by A')
  const saidDirectly = await send(chats.directA, 'said by A, directly')
  const saidToBoth = await send(chats.both, 'said by A, to both')
  const thread = String(
    (await done(peerA, { op: 'thread_create', chat_id: chats.a, thread_name: 'plans' })).thread_id,
  )
  const saidInThread = await send(thread, 'said by A, in the thread')
  const promptId = 'a1b2c3.0f3e9d77'
  const options_ = [
    { id: 'once', label: 'Approve once' },
    { id: 'deny', label: 'Deny' },
  ]
  const prompt = await done(peerA, {
    op: 'prompt',
    chat_id: chats.a,
    prompt_kind: 'approval',
    prompt_id: promptId,
    content: 'Run it?',
    options: options_,
  })
  const uploaded = await plane.call('/relay/media', 'secret of A', {
    token: plane.tokenOf(gatewayA),
    headers: { 'content-type': 'text/plain' },
  })
  await sim.command({ userId: 'ana', chatId: chats.both, name: 'status' })
  await peerA.got('passthrough_forward')
  const followedUp = await done(peerA, {
    op: 'follow_up',
    session_key: `agent:main:discord:group:${chats.both}:ana`,
    kind: 'discord.interaction_token',
    content: 'All is well.',
  })
  await sim.command({ userId: 'ana', chatId: chats.a, name: 'status' })
  await peerA.got('passthrough_forward', 2)
  await settled(plane)

  return {
    plane,
    a: { gateway: gatewayA, peer: peerA },
    b: { gateway: gatewayB, peer: peerB },
    known: {
      said,
      saidDirectly,
      saidInThread,
      saidToBoth,
      followedUp: String(followedUp.message_id),
      written: written.id,
      thread,
      promptMessage: String(prompt.message_id),
      promptId,
      mediaId: uploaded.body.id,
      mediaUrl: `${plane.origin}/relay/media/${uploaded.body.id}`,
      sessionKey: `agent:main:discord:group:${chats.a}:ana`,
      bufferIds: peerA.of('inbound').map(({ bufferId }) => bufferId),
    },
    stateOfA: () => ({
      chats: sim.chats.filter(({ id }) => ![chats.b, chats.directB].includes(id)),
      messages: [chats.a, chats.directA, thread].map((chat) => sim.messages(chat)),
      // Where both are, what A has said.
      toBoth: sim
        .messages(chats.both)
        .filter(({ id }) => id === saidToBoth || id === String(followedUp.message_id)),
    }),
  }
}

/** Everything that was acknowledged is settled, so that nothing comes again. */
async function settled({ operator }: Plane): Promise<void> {
  await eventually(async () => (await operator.listInstances({})).every(({ buffer }) => buffer.entries <= 2))
}
