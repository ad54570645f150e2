// The global message queue (sections 2.10 and 5.3).

import { sessionsErrors } from '../../errors.js'
import { assertScope, canSee, tenantKeysOf } from '../gate.js'
import type { Observer, SessionsService } from '../port.js'
import type { MessagesDeps } from './deps.js'
import { Drains } from './drains.js'
import { enqueueMessage } from './enqueue.js'
import { toQueuedMessage } from './objects.js'
import { messagesObserver } from './observer.js'
import { sendMessage } from './send.js'
import { startSweep } from './sweep.js'

export type { MessagesDeps } from './deps.js'

/** The message queue of one plane on one node. */
export type Messages = {
  readonly service: SessionsService['messages']
  /** For the intake. */
  readonly observer: Observer
  /** Sends what waits, now and from now on: call it once sessions are recovered. */
  start(): void
  /** Sends nothing more; what is under way stays claimed until the next start. */
  stop(): Promise<void>
}

export function createMessages(deps: MessagesDeps): Messages {
  const { ground, store, onFault } = deps
  const drains = new Drains(deps)
  let stopSweep = async (): Promise<void> => {}
  return {
    service: toService(deps, drains),
    observer: messagesObserver((id) => drains.wake(id)),
    start: () => {
      stopSweep = startSweep({ store, clock: ground.clock, wake: (id) => drains.wake(id), onFault })
    },
    stop: async () => {
      await Promise.all([stopSweep(), drains.stop()])
    },
  }
}

function toService(deps: MessagesDeps, drains: Drains): SessionsService['messages'] {
  const { ground, store } = deps
  const commit = (op: Parameters<typeof ground.log.commit>[0]['ops'][number]) =>
    ground.log.commit({ ops: [op], appends: [] })
  return {
    list: async (by) => {
      assertScope(by, 'sessions:use')
      const found = await store.messages.list(tenantKeysOf(by))
      return found.filter((one) => canSee(by, one)).map(toQueuedMessage)
    },
    enqueue: async (by, body, options) => {
      assertScope(by, 'sessions:use')
      const message = await enqueueMessage(deps, by, body, options)
      if (message.sessionId !== null) drains.wake(message.sessionId)
      return message
    },
    send: async (by, id) => {
      assertScope(by, 'sessions:use')
      return sendMessage(deps, by, id)
    },
    remove: async (by, id) => {
      assertScope(by, 'sessions:use')
      const found = Number.isSafeInteger(id) ? await store.messages.find(id) : undefined
      if (found && canSee(by, found)) await commit(store.messages.remove(id))
    },
    clear: async (by) => {
      assertScope(by, 'sessions:use')
      const keys = tenantKeysOf(by)
      if (keys === 'all') throw sessionsErrors.forbidden()
      await commit(store.messages.clear(keys))
    },
  }
}
