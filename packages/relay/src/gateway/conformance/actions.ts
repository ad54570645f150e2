import { expect, test } from 'vitest'
import { followUp, type Openings, sending, until } from './subject.js'

export function actionCases({ connected }: Openings): void {
  test('each action gets its own result, refusals as well', async () => {
    const { transport, answer, actions } = await connected()
    answer((action) =>
      action.op === 'send' && action.content === 'bad'
        ? { success: false, error: 'no' }
        : { success: true, message_id: action.op === 'send' ? `id of ${action.content}` : 'x' },
    )

    const results = await Promise.all(['a', 'bad', 'b'].map((text) => transport.sendOutbound(sending(text))))

    expect(results).toEqual([
      { success: true, message_id: 'id of a' },
      { success: false, error: 'no' },
      { success: true, message_id: 'id of b' },
    ])
    expect(actions()).toEqual([sending('a'), sending('bad'), sending('b')])
  })

  test('what is known of a chat comes with defaults', async () => {
    const { transport, answer, actions } = await connected()

    answer(() => ({ success: true, chat_info: { name: 'ops', type: 'group' } }))
    expect(await transport.getChatInfo('C1')).toEqual({ name: 'ops', type: 'group' })
    answer(() => ({ success: false, error: 'unknown' }))
    expect(await transport.getChatInfo('C1')).toEqual({ name: 'C1', type: 'dm' })
    expect(actions()[0]).toEqual({ op: 'get_chat_info', chat_id: 'C1' })
  })

  test('an interrupt is sent with a reason or without', async () => {
    const { transport, interrupts } = await connected()

    await transport.sendInterrupt('key', 'user typed /stop')
    await transport.sendInterrupt('key')

    await until(() => interrupts().length === 2)
    expect(interrupts()).toEqual([
      { sessionKey: 'key', reason: 'user typed /stop' },
      { sessionKey: 'key', reason: null },
    ])
  })

  test('a follow-up that could carry a credential is never sent', async () => {
    const { transport, actions } = await connected()

    const leaking = { ...followUp, token: 'x' }
    await expect(transport.sendFollowUp(leaking)).rejects.toThrow('token')
    await transport.sendFollowUp(followUp)

    expect(actions()).toHaveLength(1)
    expect(actions()[0]).toMatchObject(followUp)
  })
}
