import type { Ids } from '@parley/kernel/ids'
import type { ContentOptions, FormPart } from '../../protocol/index.js'
import { checkMessage, checkReasoning, checkToolCall, checkToolResult } from './emission-checks.js'
import type { Emission, FormToAsk, HandlerSend } from './handler.js'

/**
 * The factories of one run, and a way to tell its own emissions from anything else. They throw
 * `threads.invalid_request` for what could not be sent either.
 */
export function createSend(
  ids: Ids,
  options: ContentOptions = {},
): { send: HandlerSend; isOwn(value: unknown): value is Emission } {
  const made = new WeakSet<object>()
  const own = <T extends Emission>(emission: T): T => {
    made.add(emission)
    return emission
  }
  const send: HandlerSend = {
    message: (content, metadata, { recipients } = {}) =>
      own({ type: 'message', ...checkMessage({ content, metadata, recipients }, options) }),
    reasoning: (content, metadata) => own({ type: 'reasoning', ...checkReasoning({ content, metadata }) }),
    form: ({ deadlineSeconds, ...form }, metadata) =>
      own({
        type: 'message',
        ...checkMessage({ content: [toPart(form, ids)], metadata }, options),
        ...within(deadlineSeconds),
      }),
    toolCall: ({ arguments: args, deadlineSeconds, ...call }) => {
      const { id, name, metadata } = checkToolCall({ ...call, id: call.id ?? ids.next('call') })
      const tool = { id, name, arguments: args ?? null }
      return own({ type: 'tool.call', tool, metadata, ...within(deadlineSeconds) })
    },
    toolResult: ({ result, ...answer }) => {
      const { toolId, error, metadata } = checkToolResult(answer)
      const tool = { id: toolId, result: result ?? null, error: error ?? null }
      return own({ type: 'tool.result', tool, metadata })
    },
  }
  return { send, isOwn: (value): value is Emission => typeof value === 'object' && made.has(value as object) }
}

const within = (deadlineSeconds: number | undefined) =>
  deadlineSeconds === undefined ? {} : { deadlineSeconds }

function toPart({ schema, title, description, formId }: FormToAsk, ids: Ids): FormPart {
  return {
    type: 'form',
    form_id: formId ?? ids.next('form'),
    schema,
    status: 'pending',
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  }
}
