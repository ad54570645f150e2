import { describe, expect, test } from 'vitest'
import { decodePassthrough, encodePassthrough } from '../../protocol/index.js'
import { anAgent } from '../define-gateway.test.support.js'

// proves: relay.f15
describe('an interaction', () => {
  const body = {
    type: 2,
    id: 'i-1',
    channel_id: 'C1',
    guild_id: 'G1',
    data: { name: 'new' },
    member: { user: { id: 'U1', username: 'mira' } },
  }
  const forward = (given: object = body) =>
    decodePassthrough({
      ...encodePassthrough({
        platform: 'discord',
        botId: '1180',
        method: 'POST',
        path: '/interactions/discord/1180',
        headers: [],
        body: new TextEncoder().encode(JSON.stringify(given)),
      }),
    })
  const answering = async (
    answer?: Parameters<Awaited<ReturnType<typeof anAgent>>['connector']['answer']>[0],
  ) => {
    const texts: string[] = []
    const agent = await anAgent({
      onMessage: async ({ text }, chat) => {
        texts.push(text)
        await chat.reply('done')
      },
    })
    if (answer) agent.connector.answer(answer)
    return { ...agent, texts }
  }

  test('is a message that is answered by the capability, and acked when it was handed over', async () => {
    const { connector, texts } = await answering()

    await connector.forward(forward(), 'b-1')

    expect([texts, connector.acks]).toEqual([['/new'], ['b-1']])
    expect(connector.actions).toEqual([
      {
        op: 'follow_up',
        session_key: 'agent:main:discord:group:C1:U1',
        kind: 'discord.interaction_token',
        content: 'done',
        metadata: { scope_id: 'G1', guild_id: 'G1', user_id: 'U1' },
      },
    ])
  })

  test('is answered by a message when the capability is gone', async () => {
    const { connector } = await answering(({ op }) =>
      op === 'follow_up' ? { success: false, error: 'capability unavailable' } : { success: true },
    )

    await connector.forward(forward())

    expect(connector.actions).toMatchObject([
      { op: 'follow_up' },
      { op: 'send', chat_id: 'C1', content: 'done', reply_to: null },
    ])
  })

  test.each([
    { success: false, error: 'discord egress declined: capability unavailable', code: 'egress_declined' },
    { success: false, error: 'capability unavailable', ambiguous: true },
    { success: false, error: 'rate limited' },
  ] as const)('is not answered twice after %j', async (result) => {
    const { connector } = await answering(() => result)

    await connector.forward(forward())

    expect(connector.actions).toHaveLength(1)
  })

  test('that comes again is acked, and not handed over', async () => {
    const { connector, texts } = await answering()

    await connector.forward(forward(), 'b-1')
    await connector.forward(forward(), 'b-1')

    expect([texts, connector.acks]).toEqual([['/new'], ['b-1', 'b-1']])
  })

  test('that is no message is acked and reported', async () => {
    const { connector, texts, reports } = await answering()

    await connector.forward(forward({ type: 1 }), 'b-1')

    expect([texts, connector.acks]).toEqual([[], ['b-1']])
    expect(reports[0]).toContain('it is no message')
  })
})
