import { eventually, settle } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { anAgent, hold, said } from './define-gateway.test.support.js'

describe('an agent', () => {
  test('in a few lines answers where it was asked', async () => {
    const { connector } = await anAgent({
      onMessage: async ({ text }, chat) => {
        await chat.typing()
        await chat.reply(`you said ${text}`)
      },
    })

    expect(await connector.deliver(said('hello', { scope_id: 'G1', thread_id: 'T1' }), 'b-1')).toBe(true)

    const metadata = { scope_id: 'G1', guild_id: 'G1', user_id: 'U1', thread_id: 'T1' }
    expect(connector.actions).toEqual([
      { op: 'typing', chat_id: 'C1', metadata },
      {
        op: 'send',
        chat_id: 'C1',
        content: 'you said hello',
        reply_to: expect.stringMatching(/^m/),
        metadata,
      },
    ])
    expect(connector.acks).toEqual(['b-1'])
  })

  test('hears messages of one session one after another, of different ones at the same time', async () => {
    const { held, finish } = hold()
    const told: string[] = []
    const { connector } = await anAgent({
      onMessage: async ({ text }, { sessionKey }) => {
        told.push(`${text} ${sessionKey}`)
        if (text === 'one') await held
      },
    })

    const turns = [
      connector.deliver(said('one')),
      connector.deliver(said('two')),
      connector.deliver(said('other', { user_id: 'U2' })),
    ]
    await turns[2]
    expect(told).toEqual(['one agent:main:telegram:group:C1:U1', 'other agent:main:telegram:group:C1:U2'])
    finish()

    expect(await Promise.all(turns)).toEqual([true, true, true])
    expect(told.at(-1)).toBe('two agent:main:telegram:group:C1:U1')
  })

  test('tells sessions apart as it is told to', async () => {
    const keys: string[] = []
    const { connector } = await anAgent({
      sessions: { groupSessionsPerUser: false },
      onMessage: (_, { sessionKey }) => void keys.push(sessionKey),
    })

    await connector.deliver(said('x'))

    expect(keys).toEqual(['agent:main:telegram:group:C1'])
  })
})

describe('acknowledging', () => {
  test('a turn that fails is not acked, and given up the third time', async () => {
    const { connector, reports } = await anAgent({
      onMessage: () => {
        throw new Error('no idea')
      },
    })
    const event = said('x')

    const taken = [
      await connector.deliver(event, 'b-1'),
      await connector.deliver(event, 'b-1'),
      await connector.deliver(event, 'b-1'),
    ]

    expect(taken).toEqual([false, false, true])
    expect(connector.acks).toEqual(['b-1'])
    expect(reports.at(-1)).toContain('given up')
  })

  test('a long turn is acked before the connector gives up waiting, and goes on', async () => {
    const { held, finish } = hold()
    let isOver = false
    const { connector, clock } = await anAgent({
      onMessage: async () => {
        await held
        isOver = true
      },
    })
    const taken = connector.deliver(said('x'), 'b-1')
    await clock.advance(29_999)
    expect(connector.acks).toEqual([])

    await clock.advance(1)

    expect(await taken).toBe(true)
    expect([connector.acks, isOver]).toEqual([['b-1'], false])
    finish()
    await eventually(() => isOver)
  })

  test('more messages of one session than can wait are left for later', async () => {
    const { held, finish } = hold()
    const { connector } = await anAgent({ onMessage: () => held })

    const turns = Array.from({ length: 66 }, (_, nr) => connector.deliver(said('x'), `b-${nr}`))
    expect(await turns[65]).toBe(false)
    finish()

    expect(await Promise.all(turns)).toEqual([...Array.from({ length: 65 }, () => true), false])
  })
})

// proves: relay.f14
describe('an interrupt', () => {
  test('aborts the running turn of that session, no other and none that waits', async () => {
    const ends: string[] = []
    const { held, finish } = hold()
    const told: string[] = []
    const { connector } = await anAgent({
      onInterrupt: (sessionKey, chatId) => void told.push(sessionKey, chatId),
      onMessage: async ({ text }, { signal }) => {
        const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        await Promise.race([aborted, held])
        ends.push(`${text} ${signal.aborted}`)
      },
    })
    const turns = [
      connector.deliver(said('one')),
      connector.deliver(said('two')),
      connector.deliver(said('other', { user_id: 'U2' })),
    ]
    await settle()

    await connector.interrupt('agent:main:telegram:group:C1:U1', 'C1')
    await turns[0]
    await connector.interrupt('agent:main:telegram:group:C9', 'C9')
    finish()
    await Promise.all(turns)

    expect(ends.toSorted()).toEqual(['one true', 'other false', 'two false'])
    expect(told).toEqual(['agent:main:telegram:group:C1:U1', 'C1', 'agent:main:telegram:group:C9', 'C9'])
  })
})

describe('stopping', () => {
  test('waits for turns, and lets them answer', async () => {
    const { held, finish } = hold()
    const { connector, gateway } = await anAgent({
      onMessage: async (_, chat) => {
        await held
        await chat.reply('done')
      },
    })
    const turn = connector.deliver(said('x'), 'b-1')
    await settle()
    const stopped = gateway.stop()
    await settle()
    finish()

    await stopped
    expect(await turn).toBe(true)
    expect(connector.actions).toHaveLength(1)
  })

  test('aborts turns that take longer', async () => {
    const reasons: unknown[] = []
    const { connector, gateway, clock } = await anAgent({
      onMessage: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason)
            reject(signal.reason)
          })
        }),
    })
    void connector.deliver(said('x'))
    await settle()
    const stopped = gateway.stop({ graceMs: 1_000 })

    await clock.advance(1_000)

    await stopped
    expect(String(reasons[0])).toContain('the gateway stops')
    expect(await gateway.transport.connect()).toBe(false)
  })
})

test('a transport that can not connect is false', async () => {
  const { gateway } = await anAgent({}, { isReachable: () => false })

  expect(await gateway.start()).toBe(false)
})
