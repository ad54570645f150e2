// Puts the parts of webhooks together.
import { createGuardedFetch, createOutbox, startPurge } from '@parley/kernel/delivery'
import type { Ground } from '@parley/kernel/ground'
import type { Unit, UnitResult } from '@parley/kernel/log'
import type { ThreadStore } from '../../store/port.js'
import type { WebhookStore } from '../../store/webhooks/port.js'
import { attachDeliveries } from './attach.js'
import { discardDelivery, getDelivery, listDeliveries, retryDelivery } from './deliveries.js'
import type { WebhookDeps } from './deps.js'
import {
  createEndpoint,
  findEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
  updateEndpoint,
} from './endpoints.js'
import { queueName } from './enqueue.js'
import { Health } from './health.js'
import { toEndpoint } from './objects.js'
import { resolveWebhookOptions, type WebhookOptions } from './options.js'
import { WebhookRegistry } from './registry.js'
import { replayEvents } from './replay.js'
import { webhookSender } from './sender.js'
import type { ThreadsWebhooks } from './types.js'

/** Webhooks of one plane on one node. */
export type Webhooks = {
  readonly service: ThreadsWebhooks
  /** Commits a unit; with its events go their deliveries. */
  commit(unit: Unit): Promise<UnitResult>
  /** Sends nothing more from this node; waits some seconds for what is under way. */
  stop(): Promise<void>
}

type WebhooksOptions = {
  ground: Ground
  threads: ThreadStore
  store: WebhookStore
  options: WebhookOptions | undefined
  onFault(error: unknown, where: string): void
}

const [secondMs, hourMs] = [1_000, 3_600_000]

/** Loads the endpoints and sends what waits. */
export async function openWebhooks(given: WebhooksOptions): Promise<Webhooks> {
  const { ground, threads, store, onFault } = given
  const { db, log, clock, ids } = ground
  const options = resolveWebhookOptions(given.options)
  const outbox = createOutbox({ db, log, clock, ids, onFault })
  const guard = createGuardedFetch({
    clock,
    allowPrivate: options.allowPrivateAddresses,
    resolve: options.resolve,
    headersWithinMs: 10 * secondMs,
    withinMs: 15 * secondMs,
  })
  const queue = outbox.queue(queueName, {
    ordered: true,
    concurrency: options.concurrency,
    // WHY: a receiver that hangs, in many threads, must not hold up everybody else's.
    perSubject: Math.ceil(options.concurrency / 4),
    sendWithinMs: 20 * secondMs,
    claimMs: 30 * secondMs,
    graceMs: 5 * secondMs,
  })
  // A plane without endpoints does not even look for deliveries.
  let isStarted = false
  const onFirst = () => {
    if (!isStarted) queue.start({ send })
    isStarted = true
  }
  const registry = new WebhookRegistry({ ground, store, onFault, onFirst })
  const disableAfterMs = options.disableAfterDays * 24 * hourMs
  const health = new Health({ ground, store, registry, disableAfterMs, onFault })
  const send = webhookSender({ ground, threads, store, guard, health })
  const maxAgeMs = options.maxAgeHours * hourMs
  const deps: WebhookDeps = { ground, threads, store, options, outbox, queue, guard, registry, maxAgeMs }

  await registry.start()
  const stopPurge = startPurge({
    outbox,
    clock,
    queue: queueName,
    keepDays: options.keepDays,
    onFault: (error) => onFault(error, 'threads.webhooks'),
  })
  return {
    service: toService(deps),
    commit: (unit) => (registry.isEmpty ? log.commit(unit) : commitWithDeliveries(deps, unit)),
    stop: async () => {
      registry.stop()
      await Promise.all([queue.stop(), stopPurge()])
      await guard.close()
    },
  }
}

async function commitWithDeliveries(deps: WebhookDeps, unit: Unit): Promise<UnitResult> {
  const { ground, store, outbox, registry, queue, maxAgeMs } = deps
  const whole = await attachDeliveries({ ids: ground.ids, store, outbox, registry, maxAgeMs }, unit)
  const result = await ground.log.commit(whole)
  if (whole !== unit && result.outcome === 'committed') queue.nudge()
  return result
}

function toService(deps: WebhookDeps): ThreadsWebhooks {
  return {
    create: (wanted) => createEndpoint(deps, wanted),
    list: (listing = {}) => listEndpoints(deps, listing),
    get: async (id) => toEndpoint(await findEndpoint(deps, id)),
    update: (id, patch) => updateEndpoint(deps, id, patch),
    remove: (id) => removeEndpoint(deps, id),
    rotateSecret: (id) => rotateSecret(deps, id),
    deliveries: (endpointId, listing = {}) => listDeliveries(deps, endpointId, listing),
    delivery: (id) => getDelivery(deps, id),
    retry: (id) => retryDelivery(deps, id),
    discard: (id) => discardDelivery(deps, id),
    replay: (endpointId, replay) => replayEvents(deps, endpointId, replay),
  }
}
