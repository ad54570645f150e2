import type { Ids } from '@parley/kernel/ids'
import type { FormPart } from '../../protocol/index.js'
import type { Emission, FormToAsk, HandlerSend, TextStream } from './handler.js'
import { isTextStream } from './streams/text-source.js'

/** The factories of one run, and a way to tell its own emissions from anything else. */
export function createSend(ids: Ids): { send: HandlerSend; isOwn(value: unknown): value is Emission } {
  const made = new WeakSet<object>()
  const own = <T extends Emission>(emission: T): T => {
    made.add(emission)
    return emission
  }
  const send: HandlerSend = {
    message: (content, metadata = {}, { recipients } = {}) =>
      own({ type: 'message', ...written(content), metadata, ...(recipients && { recipients }) }),
    reasoning: (content, metadata = {}) => own({ type: 'reasoning', ...written(content), metadata }),
    form: ({ deadlineSeconds, ...form }, metadata = {}) =>
      own({ type: 'message', content: [toPart(form, ids)], metadata, ...within(deadlineSeconds) }),
    toolCall: ({ name, arguments: args, id = ids.next('call'), metadata = {}, deadlineSeconds }) =>
      own({
        type: 'tool.call',
        tool: { id, name, arguments: args ?? null },
        metadata,
        ...within(deadlineSeconds),
      }),
    toolResult: ({ toolId, result, error, metadata = {} }) =>
      own({
        type: 'tool.result',
        tool: { id: toolId, result: result ?? null, error: error ?? null },
        metadata,
      }),
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

/** What is there already, or will have been written. */
function written<T extends NonNullable<Emission['content']>>(
  content: T | TextStream,
): { content: T } | { stream: TextStream } {
  return isTextStream(content) ? { stream: content } : { content }
}
