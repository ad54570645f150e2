import { eventually, settle } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { anAgent, pressed, said } from '../define-gateway.test.support.js'
import type { Ask } from './ask.js'

/** An agent that puts one question per message; `answers` are what came back. */
async function asking(question: Partial<Ask> = {}, options: Parameters<typeof anAgent>[0] = {}) {
  const answers: unknown[] = []
  const agent = await anAgent({
    ...options,
    onMessage: async (_, chat) => {
      try {
        answers.push(await chat.ask({ text: 'Run it?', options: ['yes', 'no'], ...question }))
      } catch (error) {
        answers.push(error)
      }
    },
  })
  const turn = agent.connector.deliver(said('go'), 'b-1')
  await settle()
  // The cast: what the agent under test sends.
  const promptId = agent.connector.actions[0]?.prompt_id as string
  return { ...agent, answers, turn, promptId }
}

// proves: relay.f13
describe('a question', () => {
  test('is put with ids of this process, and answered by a press while its turn runs', async () => {
    const { connector, promptId, turn, answers } = await asking({ timeoutMs: 60_000, kind: 'approval' })
    expect(connector.actions).toEqual([
      {
        op: 'prompt',
        chat_id: 'C1',
        prompt_kind: 'approval',
        prompt_id: expect.stringMatching(/^[0-9a-f]{6}\.[0-9a-f]{8}$/),
        content: 'Run it?',
        options: [
          { id: 'c0', label: 'yes' },
          { id: 'c1', label: 'no' },
        ],
        timeout_s: 60,
        reply_to: null,
        metadata: { user_id: 'U1' },
      },
    ])

    await connector.deliver(pressed({ prompt_id: promptId, option_id: 'c1' }, { user_id: 'U2' }), 'b-2')

    await turn
    expect(answers).toEqual([{ id: 'c1', label: 'no', userId: 'U2' }])
    expect(connector.acks.toSorted()).toEqual(['b-1', 'b-2'])
  })

  test('counts the first answer, and says nothing to the second', async () => {
    const { connector, promptId, turn, answers } = await asking()

    await connector.deliver(pressed({ prompt_id: promptId, option_id: 'c0' }))
    await connector.deliver(pressed({ prompt_id: promptId, option_id: 'c1' }))

    await turn
    expect(answers).toMatchObject([{ id: 'c0' }])
    expect(connector.actions).toHaveLength(1)
  })

  test('of another process is consumed in silence', async () => {
    const { connector } = await asking()

    expect(await connector.deliver(pressed({ prompt_id: 'ffffff.00000001' }), 'b-2')).toBe(true)

    expect(connector.actions).toHaveLength(1)
  })

  test.each(['no-dot', undefined])('that is unknown gets a short notice', async (promptId) => {
    const { connector, promptId: own } = await asking()

    await connector.deliver(pressed({ prompt_id: promptId ?? `${own.split('.')[0]}.00000000` }))

    await eventually(() => connector.actions.length === 2)
    expect(connector.actions[1]).toMatchObject({
      op: 'send',
      content: 'This question is no longer waiting for an answer.',
    })
  })

  test('that is over gets undefined, and a later press the notice', async () => {
    const { connector, promptId, turn, answers, clock } = await asking({ timeoutMs: 1_000 })
    await clock.advance(1_000)
    await turn
    expect(answers).toEqual([undefined])

    await connector.deliver(pressed({ prompt_id: promptId }))

    await eventually(() => connector.actions.length === 2)
  })

  test('a late press may be dealt with by the agent', async () => {
    const late: unknown[] = []
    const { connector } = await asking(
      {},
      {
        onPrompt: (press, { sessionKey }) => {
          late.push(press.prompt_id, sessionKey)
          return true
        },
      },
    )

    await connector.deliver(pressed({ prompt_id: 'old' }))

    await eventually(() => late.length === 2)
    expect(late).toEqual(['old', 'agent:main:telegram:group:C1:U1'])
    expect(connector.actions).toHaveLength(1)
  })

  test('answered with something that was not offered counts as the safe choice', async () => {
    const options = [
      { id: 'once', label: 'Approve' },
      { id: 'deny', label: 'Deny' },
    ]
    const { connector, promptId, turn, answers } = await asking({ options })

    await connector.deliver(pressed({ prompt_id: promptId, option_id: 'always' }))

    await turn
    expect(answers).toMatchObject([{ id: 'deny' }])
  })

  test('waits for who may answer', async () => {
    const { connector, promptId, turn, answers } = await asking({ mayAnswer: (userId) => userId === 'U1' })

    await connector.deliver(pressed({ prompt_id: promptId }, { user_id: 'U2' }))
    expect(answers).toEqual([])
    await connector.deliver(pressed({ prompt_id: promptId }, { user_id: 'U1' }))

    await turn
    expect(answers).toMatchObject([{ userId: 'U1' }])
  })

  test('ends with its turn', async () => {
    const { connector, answers, turn, clock } = await asking()

    await connector.interrupt('agent:main:telegram:group:C1:U1', 'C1')

    await turn
    expect(String(answers[0])).toContain('interrupted')
    expect(clock.pending).toBe(0)
  })

  test('that could not be put throws, and nobody can answer it', async () => {
    const answers: unknown[] = []
    const { connector, clock } = await anAgent({
      onMessage: async (_, chat) => {
        await chat.ask({ text: 'Run it?', options: ['yes'] }).catch((error: unknown) => answers.push(error))
      },
    })
    connector.answer(() => ({
      success: false,
      error: 'telegram egress declined: no',
      code: 'egress_declined',
    }))

    await connector.deliver(said('go'))

    expect(answers).toMatchObject([{ name: 'RelayActionError', message: 'telegram egress declined: no' }])
    // No way around a refusal: nothing else was tried.
    expect(connector.actions).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  test.each([[[]], [[{ id: 'not this one', label: 'x' }]], [[{ id: 'x'.repeat(33), label: 'x' }]]])(
    'with the options %j is an error',
    async (options) => {
      const { answers, turn, connector } = await asking({ options })

      await turn
      expect(answers[0]).toBeInstanceOf(Error)
      expect(connector.actions).toEqual([])
    },
  )
})
