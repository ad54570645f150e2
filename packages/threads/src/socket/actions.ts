// What clients may ask over a socket (contract 4.2): thin shells over the operations of the plane.
import { isFault } from '@parley/kernel/errors'
import { threadsErrors } from '../errors.js'
import {
  clientEvents,
  parseCancelPayload,
  parseEditPayload,
  parseEventPayload,
  parseInvokePayload,
  parseReadPayload,
  parseSendPayload,
  parseThreadPayload,
  parseToolCallPayload,
  parseVerdict,
  toErrorAck,
  toWireError,
} from '../protocol/index.js'
import type { Decide } from '../service/decisions/approvals.js'
import type { ThreadsService } from '../service/service.js'
import { hasBytes } from './has-bytes.js'
import { type JoinParts, join } from './join.js'
import type { Visitor } from './visitor.js'

export type ActionParts = JoinParts & { service: ThreadsService }

type Action = (parts: ActionParts, visitor: Visitor, payload: unknown) => Promise<object>

const decideBy =
  (decide: Decide): Action =>
  async ({ service }, { caller }, payload) => {
    const { threadId, callId } = parseToolCallPayload(payload)
    const event = await service.decideToolCall(caller, threadId, { callId, decide }, () =>
      parseVerdict(payload),
    )
    return { event }
  }

const actions: Readonly<Record<string, Action>> = {
  [clientEvents.join]: join,
  [clientEvents.leave]: async (_parts, visitor, payload) => {
    const { threadId } = parseThreadPayload(payload)
    visitor.rooms.get(threadId)?.remove(visitor)
    return { thread_id: threadId, left: true }
  },
  [clientEvents.send]: async ({ deps, service }, { caller }, payload) => {
    const { threadId } = parseThreadPayload(payload)
    const readDraft = () => parseSendPayload(payload, deps.options).draft
    const { event } = await service.sendMessage(caller, threadId, readDraft)
    return { event }
  },
  [clientEvents.edit]: async ({ deps, service }, { caller }, payload) => {
    const { threadId, eventId } = parseEventPayload(payload)
    const readEdit = () => parseEditPayload(payload, deps.options)
    return { event: await service.editMessage(caller, threadId, eventId, readEdit) }
  },
  [clientEvents.delete]: async ({ service }, { caller }, payload) => {
    const { threadId, eventId } = parseEventPayload(payload)
    await service.deleteMessage(caller, threadId, eventId)
    return { event_id: eventId, deleted: true }
  },
  [clientEvents.read]: async ({ service }, { caller }, payload) => {
    const { threadId } = parseThreadPayload(payload)
    return service.markRead(caller, threadId, () => parseReadPayload(payload))
  },
  [clientEvents.typing]: async ({ service }, { caller }, payload) => {
    const { threadId } = parseThreadPayload(payload)
    await service.tellTyping(caller, threadId)
    return { thread_id: threadId }
  },
  [clientEvents.invoke]: async ({ service }, { caller }, payload) => {
    const { threadId } = parseThreadPayload(payload)
    return service.invoke(caller, threadId, () => parseInvokePayload(payload))
  },
  [clientEvents.cancel]: async ({ service }, { caller }, payload) => {
    const { runId } = parseCancelPayload(payload)
    const { run, cancelled } = await service.cancelRun(caller, runId)
    return { run_id: runId, cancelled, status: run.status }
  },
  [clientEvents.approve]: decideBy('approve'),
  [clientEvents.reject]: decideBy('reject'),
}

/** Answers a socket's events, in the order they came. Events that nobody knows are ignored. */
export function serve(parts: ActionParts, visitor: Visitor): void {
  for (const [name, action] of Object.entries(actions)) {
    visitor.socket.on(name, (...given: unknown[]) => {
      const { args, acknowledge } = split(given)
      const refuse = (error: unknown) => {
        if (isFault(error)) parts.deps.onFault(error, `threads.socket ${name}`)
        const { code, message } = toWireError(error)
        acknowledge(toErrorAck(code, message))
      }
      const job = async () => {
        try {
          acknowledge(await action(parts, visitor, onlyOne(args)))
        } catch (error) {
          refuse(error)
        }
      }
      if (!visitor.inTurn(job)) refuse(threadsErrors.rateLimited())
    })
  }
}

type Acknowledge = (answer: object) => void

/** An event may come without an acknowledgement: it counts all the same. */
function split(given: readonly unknown[]): { args: unknown[]; acknowledge: Acknowledge } {
  const last = given.at(-1)
  if (typeof last !== 'function') return { args: [...given], acknowledge: () => {} }
  return { args: given.slice(0, -1), acknowledge: last as Acknowledge }
}

function onlyOne(args: readonly unknown[]): unknown {
  if (args.length !== 1) throw threadsErrors.invalidRequest({ message: 'an event carries one payload' })
  if (hasBytes(args[0])) throw threadsErrors.invalidRequest({ message: 'payload has bytes in it' })
  return args[0]
}
