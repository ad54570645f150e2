import type { MessageEvent } from '../../protocol/index.js'
import type { MessageItem } from '../types.js'

/** A form of a message that is answered here. */
export type AnswerTo = { askedId: string; formId: string }

/** The parts of a message that answer forms asked by messages that `find` knows, each form's first answer only. */
export function answersIn(
  { content }: MessageEvent,
  find: (id: string) => MessageItem | undefined,
): readonly AnswerTo[] {
  return content.flatMap((part) => {
    if (part.type !== 'form' || part.status === 'pending' || !part.answers_event_id) return []
    const { form_id: formId, answers_event_id: askedId } = part
    const asked = find(askedId)
    if (!asked || Object.hasOwn(asked.answers, formId)) return []
    const hasForm = asked.event.content.some((one) => one.type === 'form' && one.form_id === formId)
    return hasForm ? [{ askedId, formId }] : []
  })
}
