import { describe, expect, it } from 'vitest'
import { aForward, aMessage } from '../fake-bot.test.support.js'
import { instance, openInbound } from './inbound.test.support.js'
import { linkAnswers } from './take-link.js'

const direct = { id: 'd1', type: 'dm', scopeId: null } as const

// proves: relay.f27, relay.s14
describe('/link', () => {
  it('as a direct message binds its author, once, and no agent sees it', async () => {
    const one = await openInbound()
    await one.add('a1', 'b1')
    await one.bind('u1', 'b1')
    const { code } = await one.links.createCode(instance('a1'), 'discord')
    const message = aMessage({ messageId: 'm1', text: `/link ${code.toLowerCase()}`, chat: direct })

    await one.sink.message(message)
    // The platform delivers it again, to another node: nothing is used up, nothing is said twice.
    const other = await openInbound({ ground: one.deps.ground })
    await other.sink.message(message)
    await one.sink.message(aMessage({ messageId: 'm2', text: `/link ${code}`, chat: direct }))

    expect(one.said.map(({ content }) => content)).toEqual([linkAnswers.bound, linkAnswers.refused])
    expect(other.said).toEqual([])
    expect(await one.events('a1')).toEqual([])
    expect(await one.events('b1')).toEqual([])
    expect(await one.deps.store.links.ofInstance(instance('a1'))).toMatchObject([{ userId: 'u1' }])
    expect(await one.decisions()).toMatchObject([{ reason: 'link-command' }, { reason: 'link-command' }])
    expect(JSON.stringify(await one.decisions())).not.toContain(code)
  })

  it('in a group uses no code up, and is for no agent', async () => {
    const one = await openInbound()
    await one.add('a1')
    await one.bind('u1', 'a1')
    const { code } = await one.links.createCode(instance('a1'), 'discord')

    await one.sink.message(aMessage({ messageId: 'm1', text: `<@b1> /link ${code}`, author: { id: 'u2' } }))
    await one.sink.message(aMessage({ messageId: 'm2', text: `/LINK ${code}` }))

    expect(one.said.map(({ content }) => content)).toEqual([linkAnswers.inGroup, linkAnswers.inGroup])
    expect(await one.events('a1')).toEqual([])
    expect(await one.links.redeem({ platform: 'discord', userId: 'u2', text: code })).toBe('bound')
  })

  it('as a command of the platform is consumed as well', async () => {
    const one = await openInbound()
    await one.add('a1')
    await one.bind('u1', 'a1')
    const { code } = await one.links.createCode(instance('a1'), 'discord')
    const body = { type: 2, id: 'i1', channel_id: 'd1', data: { name: 'link', options: [{ value: code }] } }
    const forward = { ...aForward().forward, body: new TextEncoder().encode(JSON.stringify(body)) }

    await one.sink.forward(aForward({ forward, chat: direct, author: { id: 'u2' } }))

    expect(one.said).toEqual([{ chatId: 'd1', content: linkAnswers.bound }])
    expect(await one.frames('a1')).toEqual([])
  })

  it('is not quoted to an agent', async () => {
    const one = await openInbound()
    await one.add('a1')
    await one.bind('u1', 'a1')
    const replyTo = { messageId: 'm0', text: '/link 7KQ2-M9XD', author: 'ana' }

    await one.sink.message(aMessage({ text: 'what is that?', replyTo }))

    expect((await one.events('a1'))[0]!.reply_to).toEqual({ author: 'ana' })
  })

  it('of a bot is answered by nobody', async () => {
    const one = await openInbound()
    const author = { id: 'u9', isBot: true }

    await one.sink.message(aMessage({ messageId: 'm1', text: '/link', author }))
    await one.sink.message(aMessage({ messageId: 'm2', text: '/link', author, chat: direct }))

    expect(one.said).toEqual([])
  })

  it('an answer that can not be given holds nothing up', async () => {
    const broken = new Error('no way out')
    const outbound = { seen: async () => {}, say: () => Promise.reject(broken) }
    const one = await openInbound({ parts: { outbound } })

    await one.sink.message(aMessage({ text: '/link', chat: direct }))

    expect(await one.decisions()).toHaveLength(1)
    expect(one.deps.faults).toEqual([broken])
  })
})
