import { describe, expect, test } from 'vitest'
import type { Target } from '../support/peer.js'
import { discord, nobodys, telegram } from '../support/plane.js'
import { claims, type Ids, ops } from '../support/tried-actions.js'
import { botOfA, chats, sharedTwoTenants, type TwoTenants } from '../support/two-tenants.js'

// B's socket tries what A has, with ids that are right and all known, beside ids that nobody has: the answers must be the same bytes.

const declined =
  '{"success":false,"code":"egress_declined","error":"discord egress declined: target is not an approved destination for this connection"}'
const answerOf = (result: string): string => `{"type":"outbound_result","requestId":"*","result":${result}}\n`

describe('what another tenant has', () => {
  const open = sharedTwoTenants()
  const targets = ({ known }: TwoTenants): Record<string, Partial<Ids>> => ({
    'its channel': { chat: chats.a, message: known.said },
    'its direct chat': { chat: chats.directA, message: known.saidDirectly },
    'its thread': { chat: known.thread, message: known.saidInThread },
    "its person's message": { chat: chats.a, message: known.written },
  })

  // proves: relay.s2, relay.s3
  test.for(Object.keys(ops))('is neither touched nor known by %s', async (name) => {
    const { known, b, stateOfA, plane } = open()
    const before = JSON.stringify(stateOfA())
    const theirs = { thread: known.thread, source: known.mediaUrl }
    const theirSim = JSON.stringify(plane.sim(botOfA).chats)

    for (const [claim, metadataOf] of Object.entries(claims)) {
      const metadata = metadataOf(known)
      const nobodysIds: Ids = {
        chat: nobodys(),
        message: nobodys(),
        thread: nobodys(),
        source: known.mediaUrl,
      }
      const nobody = await b.peer.answer({ ...ops[name]!(nobodysIds), ...(metadata && { metadata }) })
      expect(nobody, claim).toBe(answerOf(declined))
      for (const [place, target] of Object.entries(targets(open()))) {
        const action = {
          ...ops[name]!({ ...nobodysIds, ...theirs, ...target }),
          ...(metadata && { metadata }),
        }
        expect(await b.peer.answer(action), `${place}, claiming ${claim}`).toBe(nobody)
        expect(await b.peer.answer(action, discord), `${place}, claiming ${claim}, by name`).toBe(nobody)
      }
    }

    expect(JSON.stringify(stateOfA())).toBe(before)
    expect(JSON.stringify(plane.sim(botOfA).chats)).toBe(theirSim)
    expect(plane.sim().typing()).toEqual([])
    expect(plane.faults).toEqual([])
  })

  // proves: relay.s2, relay.s3
  test.for<[string, Target]>([
    ["A's own bot", botOfA],
    ["A's own bot's id", { botId: botOfA.botId }],
    ['a bot that B has not said hello for', telegram],
    ["B's platform with A's bot", { platform: 'telegram', botId: botOfA.botId }],
  ])('is not reached by naming %s', async ([, target]) => {
    const { b, stateOfA } = open()
    const before = JSON.stringify(stateOfA())
    for (const op of Object.values(ops)) {
      const ids = { chat: chats.b, message: 'm', thread: 't', source: 'https://example.org/x' }
      const nobody = await b.peer.answer(op(ids), { platform: 'discord', botId: nobodys() })
      expect(JSON.parse(nobody).result).toEqual({
        success: false,
        error: 'target is not advertised on this connection',
      })
      for (const chat of [chats.a, chats.b])
        expect(await b.peer.answer(op({ ...ids, chat }), target)).toBe(nobody)
    }
    expect(JSON.stringify(stateOfA())).toBe(before)
  })

  // proves: relay.s2, relay.s3
  test('is not told of by a hello for its bot', async () => {
    const { plane, b } = open()
    const closes = []
    for (const identity of [
      botOfA,
      { platform: 'discord', botId: nobodys() },
      { platform: 'slack', botId: '' },
    ]) {
      const peer = await plane.dial(b.gateway)
      peer.send({ type: 'hello', ...identity, tenant: 'org-a', gatewayId: 'gw-a', instanceId: 'inst-a' })
      closes.push(await peer.closedWith())
      expect(peer.texts).toEqual([])
    }
    expect(new Set(closes.map((close) => JSON.stringify(close)))).toEqual(
      new Set(['{"code":4403,"reason":"identity_not_provisioned"}']),
    )
  })

  // proves: relay.s2, relay.s3
  test('in the ids of actions on what is its own: somebody else’s is like nobody’s', async () => {
    const { known, b, stateOfA, plane } = open()
    const before = JSON.stringify(stateOfA())
    const within: Record<string, [(id: string) => object, string[]]> = {
      reply_to: [
        (id) => ({ op: 'send', chat_id: chats.b, content: 'x', reply_to: id }),
        [known.said, known.written],
      ],
      thread_id: [
        (id) => ({ op: 'send', chat_id: chats.b, content: 'x', metadata: { thread_id: id, thread_ts: id } }),
        [known.thread, chats.a, chats.directA],
      ],
      'message_id of edit': [
        (id) => ({ op: 'edit', chat_id: chats.b, message_id: id, content: 'x' }),
        [known.said, known.saidToBoth, known.written],
      ],
      'message_id of delete': [
        (id) => ({ op: 'delete', chat_id: chats.b, message_id: id }),
        [known.said, known.saidToBoth, known.written],
      ],
      'message_id of react': [
        (id) => ({ op: 'react', chat_id: chats.b, message_id: id, emoji: '👀' }),
        [known.said, known.written],
      ],
      'message_id of thread_create': [
        (id) => ({ op: 'thread_create', chat_id: chats.b, thread_name: 'x', message_id: id }),
        [known.said, known.written],
      ],
      'message_id of thread_rename': [
        (id) => ({ op: 'thread_rename', chat_id: chats.b, message_id: id, thread_name: 'x' }),
        [known.thread, chats.a],
      ],
      'source_url of send_media': [
        (id) => ({
          op: 'send_media',
          chat_id: chats.b,
          media_kind: 'image',
          content: '',
          source_url: `${plane.origin}/relay/media/${id}`,
        }),
        [known.mediaId],
      ],
    }
    for (const [name, [build, theirs]] of Object.entries(within)) {
      const unnamed = nobodys().replaceAll('-', '')
      const ask = async (id: string) => {
        // Room in the chat: what is only for show is left out where there is none.
        await plane.pass(10_000)
        return withoutNewIds(await plane.answer(b.peer, build(id)))
      }
      const nobody = await ask(unnamed)
      for (const id of theirs) expect(await ask(id), `${name} ${id}`).toBe(nobody)
    }
    expect(JSON.stringify(stateOfA())).toBe(before)
    for (const message of plane.sim().messages(chats.b))
      expect([message.replyTo, message.reactions, message.media]).toEqual([null, [], []])
  })

  // proves: relay.s2, relay.s3
  test('where both are, what the other has said can neither be changed nor told from what nobody has said', async () => {
    const { known, b, stateOfA, plane } = open()
    const before = JSON.stringify(stateOfA())
    const build = [
      (id: string) => ({ op: 'edit', chat_id: chats.both, message_id: id, content: 'from B' }),
      (id: string) => ({ op: 'delete', chat_id: chats.both, message_id: id }),
    ]
    for (const action of build) {
      const nobody = await plane.answer(b.peer, action(nobodys()))
      for (const id of [known.saidToBoth, known.followedUp])
        expect(await plane.answer(b.peer, action(id))).toBe(nobody)
    }

    expect(JSON.stringify(stateOfA())).toBe(before)
    // Its own it may change, of course.
    const { result } = JSON.parse(
      await plane.answer(b.peer, { op: 'send', chat_id: chats.both, content: 'of B' }),
    )
    const own = { chat_id: chats.both, message_id: result.message_id }
    expect(
      JSON.parse(await plane.answer(b.peer, { op: 'edit', ...own, content: 'of B, later' })).result.success,
    ).toBe(true)
    expect(plane.sim().messages(chats.both).at(-1)?.text).toBe('of B, later')
    expect(JSON.parse(await plane.answer(b.peer, { op: 'delete', ...own })).result.success).toBe(true)
  })
})

/** Ids of what an action has made are new each time. */
const withoutNewIds = (text: string): string => text.replaceAll(/(msg|thread)_[0-9a-f]{32}/g, '$1_*')
