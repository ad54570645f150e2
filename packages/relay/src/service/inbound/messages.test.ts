import { testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { aMessage } from '../fake-bot.test.support.js'
import { instance, openInbound } from './inbound.test.support.js'

const grounds = await testGrounds()

for (const { name, open } of grounds)
  describe(`what a platform delivers, on ${name}`, () => {
    const start = async () => {
      const opened = await open()
      onTestFinished(opened.close)
      return { ...opened, one: await openInbound({ ground: opened.ground }) }
    }

    // proves: relay.f25, relay.s8
    it('reaches the own instance of each author, and nobody for a stranger', async () => {
      const { one } = await start()
      await one.add('a1', 'b1')
      await one.bind('u1', 'a1')
      await one.bind('u2', 'b1')

      await one.sink.message(aMessage({ messageId: 'm1', text: 'from u1', author: { id: 'u1' } }))
      await one.sink.message(aMessage({ messageId: 'm2', text: 'from u2', author: { id: 'u2' } }))
      await one.sink.message(aMessage({ messageId: 'm3', text: 'from u3', author: { id: 'u3' } }))

      expect((await one.events('a1')).map(({ text }) => text)).toEqual(['from u1'])
      expect((await one.events('b1')).map(({ text }) => text)).toEqual(['from u2'])
      expect((await one.decisions()).map(({ reason }) => reason)).toEqual(['owner', 'owner', 'unlinked'])
      expect(one.poked).toEqual([instance('a1'), instance('b1')])
      expect(one.deps.tally.read()).toMatchObject({
        'inbound.received': 3,
        'inbound.delivered': 2,
        'inbound.unrouted': 1,
      })
    })

    it('is remembered with the chat and with where its session runs', async () => {
      const { one } = await start()
      await one.add('a1')
      await one.bind('u1', 'a1')

      await one.sink.message(aMessage())

      const { routing } = one.deps.store
      const [conversation] = await routing.conversations(instance('a1'), one.bot.identity, 'c1')
      expect(conversation).toMatchObject({ userId: 'u1', scopeId: 's1', chatType: 'group', chatName: 'ops' })
      expect(conversation!.sessionKey).toBe('agent:main:discord:group:c1:u1')
      expect(await routing.sessionRoute('a', conversation!.sessionKey, 0)).toMatchObject({
        instanceId: 'a1',
        chatId: 'c1',
      })
    })

    it('counts once, however often it comes', async () => {
      const { one } = await start()
      await one.add('a1')
      await one.bind('u1', 'a1')
      const again = await openInbound({ ground: one.deps.ground })

      await one.sink.message(aMessage())
      await one.sink.message(aMessage())
      await again.sink.message(aMessage({ text: 'as another node has it' }))

      expect(await one.events('a1')).toHaveLength(1)
      expect(await one.decisions()).toHaveLength(1)
      expect(again.deps.tally.read()).toEqual({ 'inbound.received': 1, 'inbound.duplicate': 1 })
      expect(again.poked).toEqual([])
    })

    it('is resolved anew when an instance went away in between', async () => {
      const { one } = await start()
      await one.add('a1', 'b1')
      await one.bind('u1', 'a1')
      await one.bind('u1', 'b1')
      // The last thing that is waited for before the unit.
      const store = async () => {
        await one.remove('a1')
        return { id: 'x', size: 1 }
      }
      const other = await openInbound({
        ground: one.deps.ground,
        parts: { media: { urlOf: () => '', store } },
      })
      const load = async () => new Uint8Array(1)
      const file = { kind: 'image', mime: 'image/png', size: 1, filename: 'a.png', caption: '', load }

      await other.sink.message(aMessage({ media: [file] }))

      expect(other.poked).toEqual([instance('b1')])
      expect(await one.frames('a1')).toEqual([])
      expect(await one.events('b1')).toHaveLength(1)
      expect(await one.decisions()).toEqual([
        expect.objectContaining({
          outcomes: [{ tenant: 'b', instanceId: 'b1', isDelivered: true, reason: 'owner' }],
        }),
      ])
    })

    it('goes into the stream of an instance that was made anew in between, not into the former one', async () => {
      const { one } = await start()
      const { store, ground } = one.deps
      await one.add('a1')
      await one.bind('u1', 'a1')
      const former = (await store.instances.find(instance('a1')))!
      const files = {
        urlOf: () => '',
        store: async () => {
          const { outcome } = await ground.log.commit({
            ops: [
              ...store.instances.remove(former),
              store.instances.insert({ ...former, stream: 'relay-inbox:anew' }),
            ],
            appends: [],
          })
          expect(outcome).toBe('committed')
          await one.bind('u1', 'a1')
          return { id: 'x', size: 1 }
        },
      }
      const other = await openInbound({ ground, parts: { media: files } })
      const load = async () => new Uint8Array(1)
      const file = { kind: 'image', mime: 'image/png', size: 1, filename: 'a.png', caption: '', load }

      await other.sink.message(aMessage({ messageId: 'p1', media: [file] }))
      await other.sink.message(aMessage({ messageId: 'p2' }))

      expect((await ground.log.read(former.stream, { after: 0 })).events).toEqual([])
      const { events } = await ground.log.read('relay-inbox:anew', { after: 0 })
      const entries = await store.entries.list(former, { after: 0, limit: 10 })
      expect(entries.map(({ position, bufferId }) => [position, bufferId])).toEqual(
        events.map(({ seq, id }) => [seq, id]),
      )
      expect(entries).toHaveLength(2)
    })

    it('is refused as a fault when its receivers change all the time', async () => {
      const { one } = await start()
      await one.add('a1')
      await one.bind('u1', 'a1')
      const gone = {
        sql: "update relay_instances set epoch = epoch where tenant = 'none'",
        params: [],
        atLeast: 1,
      }
      const parts = {
        buffers: { append: () => ({ bufferId: 'x', ops: [gone], append: noAppend }), appended: () => {} },
      }
      const other = await openInbound({ ground: one.deps.ground, parts })

      await expect(other.sink.message(aMessage())).rejects.toMatchObject({ code: 'relay.unavailable' })

      expect(await one.decisions()).toEqual([])
      // What was not stored is taken when it comes again.
      await one.sink.message(aMessage())
      expect(await one.events('a1')).toHaveLength(1)
    })
  })

const noAppend = {
  stream: 'relay-inbox:none',
  drafts: [{ type: 't', actor: { kind: 'system' as const, id: 's' }, body: null }],
}

const postgres = grounds.find(({ engine }) => engine === 'postgres')
describe.skipIf(!postgres)('two nodes', () => {
  // proves: relay.f29
  it('take the same updates in, and each is delivered once', async () => {
    const { ground, another, close } = await postgres!.open()
    onTestFinished(close)
    const one = await openInbound({ ground })
    const two = await openInbound({ ground: await another!() })
    await one.add('a1', 'b1')
    await one.bind('u1', 'a1')
    await one.bind('u1', 'b1')
    const updates = Array.from({ length: 20 }, (_, n) => aMessage({ messageId: `m${n}`, text: `${n}` }))

    await Promise.all(updates.flatMap((update) => [one.sink.message(update), two.sink.message(update)]))

    for (const name of ['a1', 'b1']) {
      const texts = (await one.events(name)).map(({ text }) => Number(text))
      expect(texts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n))
      expect(await one.deps.store.entries.depth(instance(name))).toMatchObject({ entries: 20 })
    }
    const counts = [one, two].map(({ deps }) => deps.tally.read())
    expect(counts.reduce((sum, { 'inbound.duplicate': all = 0 }) => sum + all, 0)).toBe(20)
  })
})

describe('in one process', () => {
  it('keeps the order of a chat, whatever holds one of them up', async () => {
    const one = await openInbound()
    await one.add('a1')
    await one.bind('u1', 'a1')
    let release = () => {}
    const held = new Promise<Uint8Array>((resolve) => {
      release = () => resolve(new Uint8Array(1))
    })
    const file = { kind: 'image', mime: 'image/png', size: 1, filename: 'a', caption: '', load: () => held }
    const all = [
      one.sink.message(aMessage({ messageId: 'm1', text: 'first', media: [file] })),
      one.inbound.sinkOf({ ...one.bot.identity }).message(aMessage({ messageId: 'm2', text: 'second' })),
    ]
    const elsewhere = one.sink.message(aMessage({ messageId: 'm3', text: 'elsewhere', chat: { id: 'c2' } }))

    await elsewhere
    expect((await one.events('a1')).map(({ text }) => text)).toEqual(['elsewhere'])
    release()
    await Promise.all(all)

    expect((await one.events('a1')).map(({ text }) => text)).toEqual(['elsewhere', 'first', 'second'])
  })

  it("only notes the bot's own messages", async () => {
    const one = await openInbound()
    await one.add('a1')
    await one.bind('b1', 'a1')

    await one.sink.message(aMessage({ messageId: 'm1', author: { id: 'b1', isSelf: true, isBot: true } }))
    await one.sink.seen({ chatId: 'c9', scopeId: null }, 'm9')

    expect(one.seen).toEqual([
      { chatId: 'c1', messageId: 'm1' },
      { chatId: 'c9', messageId: 'm9' },
    ])
    expect(await one.events('a1')).toEqual([])
    expect(await one.decisions()).toEqual([])
  })

  it('does not acknowledge for a bot that is not open', async () => {
    const one = await openInbound({ parts: { bots: { get: () => undefined } } })

    await expect(one.sink.message(aMessage())).rejects.toThrow('not open')
    expect(await one.decisions()).toEqual([])
  })

  it('keeps the cursor and says how the bot is', async () => {
    const told: unknown[] = []
    const one = await openInbound({ parts: { onHealth: (bot, health) => told.push([bot, health]) } })

    expect(await one.sink.loadCursor()).toBeUndefined()
    await one.sink.saveCursor('42')
    one.sink.health({ state: 'limited', detail: 'slow down' })

    expect(await one.sink.loadCursor()).toBe('42')
    expect(told).toEqual([[one.bot.identity, { state: 'limited', detail: 'slow down' }]])
  })

  it('takes names and texts that are hard to store', async () => {
    const odd = 'a\0b \ud800 "\n:%'
    const one = await openInbound()
    await one.add('a1')
    await one.bind(odd, 'a1')
    const message = aMessage({ dedupe: odd.repeat(50), text: odd, author: { id: odd }, chat: { id: odd } })

    await one.sink.message(message)
    await (await openInbound({ ground: one.deps.ground })).sink.message(message)

    expect(await one.events('a1')).toMatchObject([{ text: odd, source: { user_id: odd, chat_id: odd } }])
  })

  it('says when something is too large to be handed over', async () => {
    const one = await openInbound()
    await one.add('a1')
    await one.bind('u1', 'a1')

    await one.sink.message(aMessage({ text: 'x'.repeat(600_000) }))

    expect(await one.events('a1')).toEqual([])
    expect(await one.decisions()).toMatchObject([
      { reason: 'too-large', outcomes: [{ instanceId: 'a1', isDelivered: false, reason: 'too-large' }] },
    ])
  })
})
