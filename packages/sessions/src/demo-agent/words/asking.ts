import { methods, type PermissionOption } from '@agentclientprotocol/sdk'
import { numberAt, type Turn, type Word } from '../turn.js'

const options: PermissionOption[] = [
  { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
  { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
  { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
]

/** Questions to people. */
export const asking: Record<string, Word> = {
  ask: {
    takes: '[N] [no-allow]',
    does: 'asks N permissions at once and says what was chosen; no-allow: offers rejecting only',
    run: async (turn) => {
      const count = numberAt(turn, 0, 1)
      await Promise.all(Array.from({ length: count }, (_, index) => ask(turn, index + 1)))
      return undefined
    },
  },
}

async function ask(turn: Turn, n: number): Promise<void> {
  const toolCallId = `ask-${n}`
  const title = `Change file ${n}`
  await turn.update({ sessionUpdate: 'tool_call', toolCallId, title, kind: 'edit', status: 'pending' })
  const { outcome } = await turn.client.request(methods.client.session.requestPermission, {
    sessionId: turn.sessionId,
    toolCall: { toolCallId, title, kind: 'edit', status: 'pending' },
    options: turn.args.includes('no-allow')
      ? options.filter(({ kind }) => kind.startsWith('reject'))
      : options,
  })
  const chosen = outcome.outcome === 'selected' ? outcome.optionId : 'cancelled'
  const status = chosen === 'allow' || chosen === 'always' ? 'completed' : 'failed'
  await turn.update({ sessionUpdate: 'tool_call_update', toolCallId, status })
  await turn.say(`${n}: ${chosen}\n`)
}
