import { eventually } from '@parley/testkit'
import type { Answer } from '../../plane.test.support.js'
import type { FormPart } from '../../protocol/index.js'
import type { AssistantHandler } from '../runs/handler.js'
import { roomWith } from '../runs/room.test.support.js'

/** A schema with a value that has to be there, and one that has to look right. */
export const schema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 2 }, day: { type: 'string', format: 'date' } },
}

/** A part that asks; what `more` makes of it may be wrong on purpose. */
export function formPart(more: Record<string, unknown> = {}): FormPart {
  const part: FormPart = { type: 'form', form_id: 'f1', schema, status: 'pending' }
  return { ...part, ...more }
}

/** A part that answers the form of an event. */
export const answerPart = (eventId: string, more: Record<string, unknown> = {}): FormPart =>
  formPart({ status: 'submitted', answers_event_id: eventId, values: { name: 'Ada' }, ...more })

/** A room with assistants, and short ways to ask and answer in it. */
export async function deciding(
  handlers: Readonly<Record<string, AssistantHandler>> = {},
  options: Parameters<typeof roomWith>[1] = {},
) {
  const room = await roomWith(handlers, options)
  const { call, id, events } = room
  const send = (who: string, part: object, more: Record<string, unknown> = {}): Promise<Answer> =>
    call(who, 'POST', `/threads/${id}/messages`, { content: [part], ...more })
  const decide = (who: string, callId: string, verdict: string, body: object = {}): Promise<Answer> =>
    call(who, 'POST', `/threads/${id}/tool-calls/${callId}/${verdict}`, body)
  /** Waits for an event of a type. */
  const found = (type: string) =>
    eventually(async () => (await events()).find((event) => event.type === type) ?? false)
  return { ...room, send, decide, found }
}

/** Status and text of a refusal. */
export const told = ({ status, body }: Answer): [number, string] => [status, body.detail]
