import { type FormPart, type MessageEvent, text } from '../../protocol/index.js'
import type { Stop } from '../edge.js'
import { closedError } from '../failures.js'
import { isNumbered } from '../received.js'
import type { Rest } from '../rest/rest.js'
import { ThreadsClientError } from '../threads-client-error.js'
import type { LiveThread, MessageItem } from '../types.js'
import type { Room } from './room.js'

/** One follower's view of a room that others may follow too. `onClose` is called once. */
export function createLiveThread(room: Room, rest: Rest, onClose: () => void): LiveThread {
  const { id, state } = room
  const stops = new Set<Stop>()
  let isClosed = false

  const open = async <T>(action: () => Promise<T>): Promise<T> => {
    if (isClosed) throw closedError('the thread')
    return action()
  }
  const act = <T>(action: () => Promise<T>): Promise<T> => open(() => room.act(action))
  /** Failures of sending are shown as well: whoever does not look at the promise misses nothing. */
  const shown = (sent: Promise<MessageEvent>): Promise<MessageEvent> => {
    sent.catch(() => undefined)
    return sent
  }

  return {
    id,
    snapshot: () => room.snapshot(),
    subscribe: (listener) => {
      if (isClosed) return () => {}
      const stop = room.subscribe(listener)
      stops.add(stop)
      return () => {
        stops.delete(stop)
        stop()
      }
    },
    send: (content, options) => {
      const parts = typeof content === 'string' ? [text(content)] : [...content]
      return shown(open(() => state.outbox.send(parts, options)))
    },
    retry: (clientId) => shown(open(() => state.outbox.retry(clientId))),
    discard: (clientId) => state.outbox.discard(clientId),
    answerForm: (item, formId, values) =>
      shown(open(async () => state.outbox.send([answerTo(item, formId, values)]))),
    edit: (eventId, content) => act(async () => void (await rest.editMessage(id, eventId, content))),
    remove: (eventId) => act(() => rest.deleteMessage(id, eventId)),
    approve: (callId, reason) => act(() => rest.approveToolCall(id, callId, reason)),
    reject: (callId, reason) => act(() => rest.rejectToolCall(id, callId, reason)),
    invoke: (assistantIds, options) => act(() => rest.invoke(id, assistantIds, options)),
    cancelRun: (runId) => act(() => rest.cancelRun(runId)),
    loadOlder: () => open(() => room.loadOlder()),
    markRead: (seq = newestSeq(room)) => act(() => room.readMarker.mark(seq)),
    typing: () => {
      if (!isClosed && !room.sync.isOver) room.typing()
    },
    close: () => {
      if (isClosed) return
      isClosed = true
      for (const stop of stops) stop()
      stops.clear()
      onClose()
    },
  }
}

/** Servers that number nothing know no marks. */
function newestSeq({ state }: Room): number {
  const { newest } = state.log
  return newest && isNumbered(newest) ? newest.seq : 0
}

/** The part that answers a form. Throws `invalid_request` when the message does not ask it. */
function answerTo(item: MessageItem, formId: string, values: Record<string, unknown>): FormPart {
  const asked = item.event.content.find((part) => part.type === 'form' && part.form_id === formId)
  if (asked?.type !== 'form')
    throw new ThreadsClientError('invalid_request', `no form ${formId} is asked here`)
  const { form_id, schema } = asked
  return { type: 'form', form_id, schema, status: 'submitted', values, answers_event_id: item.event.id }
}
