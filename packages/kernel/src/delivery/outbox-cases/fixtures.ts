import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../ids/index.js'
import type { Log } from '../../log/index.js'
import type { Delivery, DeliveryDraft, DeliveryQueue, Outbox, QueueOptions, Send } from '../port.js'

/** One node with a clock of its own that moves when told to. All clocks begin at the same time. */
export type OutboxNode = { outbox: Outbox; log: Log; clock: Clock & { advance(ms: number): Promise<void> } }

/** What a case works with: two nodes on one ground, and a place for what must be stopped. */
export type OutboxScene = { a: OutboxNode; b: OutboxNode; started: Started[] }

type Started = { queue: DeliveryQueue; node: OutboxNode; graceMs: number }

export const draft = (more: Partial<DeliveryDraft> & { dedupe: string }): DeliveryDraft => ({
  queue: 'mail',
  lane: 'x',
  payload: `payload of ${more.dedupe}`,
  ...more,
})

/** Stores deliveries, each in a unit of its own. */
export async function enqueue(node: OutboxNode, ...drafts: Parameters<typeof draft>[0][]): Promise<void> {
  for (const one of drafts) await node.log.commit({ ops: node.outbox.enqueueOps(draft(one)), appends: [] })
}

/** Starts a worker, which the suite stops. */
export function start(
  scene: OutboxScene,
  node: OutboxNode,
  send: Send,
  options: QueueOptions = {},
): DeliveryQueue {
  const queue = node.outbox.queue('mail', options)
  queue.start({ send })
  scene.started.push({ queue, node, graceMs: options.graceMs ?? 10_000 })
  return queue
}

/** Stops everything, also what hangs. */
export async function stopAll({ started }: OutboxScene): Promise<void> {
  for (const { queue, node, graceMs } of started) {
    const stopped = queue.stop()
    await node.clock.advance(graceMs)
    await stopped
  }
}

/** Waits for a condition in real time: what waits in a database takes some. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await turn()
}

/** The delivery with that key. */
export async function byKey({ outbox }: OutboxNode, dedupe: string) {
  const found = (await outbox.list({ queue: 'mail', limit: 500 })).find((one) => one.dedupe === dedupe)
  return found && (await outbox.get(found.id))
}

export const untilState = (node: OutboxNode, dedupe: string, state: Delivery['state']) =>
  until(async () => (await byKey(node, dedupe))?.state === state)

/** Waits until the worker has looked for due deliveries: one that is enqueued now has been sent. */
export async function looked(node: OutboxNode, queue: DeliveryQueue, marker: string): Promise<void> {
  await enqueue(node, { dedupe: marker, lane: marker })
  queue.nudge()
  await untilState(node, marker, 'sent')
}

/** Records the keys of what it sends; each call's outcome comes from `outcome`, `sent` when absent. */
export function recorder(outcome?: (delivery: Delivery) => ReturnType<Send> | undefined) {
  const keys: string[] = []
  const send: Send = async (delivery) => {
    keys.push(delivery.dedupe)
    return (await outcome?.(delivery)) ?? { outcome: 'sent' }
  }
  return { keys, send }
}

/** A `send` that never ends by itself. */
export const hangs: Send = () => new Promise(() => {})
