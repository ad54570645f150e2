import type { Ids } from '@parley/kernel/ids'
import type { Emission, HandlerSend } from './handler.js'

/** The factories of one run, and a way to tell its own emissions from anything else. */
export function createSend(ids: Ids): { send: HandlerSend; isOwn(value: unknown): value is Emission } {
  const made = new WeakSet<object>()
  const own = <T extends Emission>(emission: T): T => {
    made.add(emission)
    return emission
  }
  const send: HandlerSend = {
    message: (content, metadata = {}) => own({ type: 'message', content, metadata }),
    reasoning: (content, metadata = {}) => own({ type: 'reasoning', content, metadata }),
    toolCall: ({ name, arguments: args, id = ids.next('call'), metadata = {} }) =>
      own({ type: 'tool.call', tool: { id, name, arguments: args ?? null }, metadata }),
    toolResult: ({ toolId, result, error, metadata = {} }) =>
      own({
        type: 'tool.result',
        tool: { id: toolId, result: result ?? null, error: error ?? null },
        metadata,
      }),
  }
  return { send, isOwn: (value): value is Emission => typeof value === 'object' && made.has(value as object) }
}
