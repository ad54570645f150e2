// Webhooks of sessions (section 7): deliveries that are stored with the event that causes them, then sent until they work.

import { createGuardedFetch, createOutbox, type ResolveHost, startPurge } from '@parley/kernel/delivery'
import type { Ground } from '@parley/kernel/ground'
import type { SessionsStore } from '../../store/port.js'
import type { Observer, SessionsService } from '../port.js'
import { webhookDeliveries } from './deliveries.js'
import { queueName } from './enqueue.js'
import { webhookObserver } from './observer.js'
import { pausesMs, webhookSender } from './sender.js'

/** How long what left or died is kept, in days. */
const keepDays = 7

/** Webhooks of one plane on one node. */
export type Webhooks = {
  /** For the intake. */
  readonly observer: Observer
  readonly service: NonNullable<SessionsService['webhooks']>
  /** Sends nothing more from this node; waits some seconds for what is under way. */
  stop(): Promise<void>
}

export type WebhooksOptions = {
  ground: Ground
  store: Pick<SessionsStore, 'sessions'>
  /** Default false. */
  allowPrivateAddresses?: boolean | readonly string[]
  /** Default: the operating system's resolver. */
  resolve?: ResolveHost
  onFault(error: unknown, where: string): void
}

const secondMs = 1_000
const concurrency = 32

/** Begins to send what waits, deliveries from before a restart included. */
export function openWebhooks({ ground, store, onFault, ...options }: WebhooksOptions): Webhooks {
  const { db, log, clock, ids } = ground
  // The contract names the pauses, so they are not spread.
  const outbox = createOutbox({ db, log, clock, ids, onFault, random: () => 0.5 })
  const guard = createGuardedFetch({
    clock,
    allowPrivate: options.allowPrivateAddresses ?? false,
    resolve: options.resolve,
    headersWithinMs: 10 * secondMs,
    withinMs: 10 * secondMs,
  })
  const queue = outbox.queue(queueName, {
    ordered: true,
    concurrency,
    // WHY: a receiver that hangs, for many sessions, must not hold up everybody else's.
    perSubject: concurrency / 4,
    sendWithinMs: 15 * secondMs,
    claimMs: 30 * secondMs,
    graceMs: 5 * secondMs,
    pausesMs,
  })
  queue.start({ send: webhookSender({ store, guard }) })
  const stopPurge = startPurge({
    outbox,
    clock,
    queue: queueName,
    keepDays,
    onFault: (error) => onFault(error, 'sessions.webhooks'),
  })
  return {
    observer: webhookObserver({ ids, store, outbox, nudge: () => queue.nudge() }),
    service: webhookDeliveries({ store, outbox, queue }),
    stop: async () => {
      await Promise.all([queue.stop(), stopPurge()])
      await guard.close()
    },
  }
}
