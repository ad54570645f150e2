import type { Bus } from '../../bus/index.js'
import type { StreamId } from '../../ids/index.js'
import type { Identity } from '../../principal/index.js'
import type { LogLimits } from '../limits.js'
import { type Draft, type FollowItem, isMark, type Log, type StoredEvent, type UnitResult } from '../port.js'

/** How a case wants its nodes. */
export type NodeOptions = {
  /** How many nodes share the ground (1). */
  nodes?: 1 | 2
  /** Stands between the log and its bus, on every node. */
  wrapBus?: (bus: Bus) => Bus
  limits?: Partial<LogLimits>
}

/** A log on an empty ground. */
export type OpenedLog = {
  log: Log
  /** Another node on the same ground, for cases that ask for two. */
  other?(): Promise<Log>
  /** Closes every node and removes the ground. */
  close(): Promise<void>
}

export const ann: Identity = { kind: 'user', id: 'ann', name: 'Ann' }

export const draft = (body: unknown, type = 'noted'): Draft => ({ type, actor: ann, body })

/** Appends one event for each body, in one unit. */
export async function append(log: Log, stream: StreamId, ...bodies: unknown[]): Promise<StoredEvent[]> {
  const drafts = bodies.map((body) => draft(body))
  const result = await log.commit({ ops: [], appends: [{ stream, drafts }] })
  return committed(result).flatMap(({ events }) => events)
}

export function committed(result: UnitResult) {
  if (result.outcome !== 'committed') throw new Error(`The unit was ${result.outcome}.`)
  return result.appended
}

/** Appends `count` events, one unit each, several at a time. */
export async function appendMany(log: Log, stream: StreamId, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, n) => append(log, stream, { n })))
}

/** Follows until the event `last` came. */
export async function followTo(log: Log, stream: StreamId, last: number, after = 0): Promise<FollowItem[]> {
  const items: FollowItem[] = []
  const controller = new AbortController()
  for await (const item of log.follow(stream, { after, signal: controller.signal })) {
    items.push(item)
    if (!isMark(item) && item.seq >= last) break
  }
  return items
}

export const eventsIn = (items: readonly FollowItem[]): StoredEvent[] =>
  items.filter((item): item is StoredEvent => !isMark(item))

export const seqs = (items: readonly FollowItem[]): number[] => eventsIn(items).map(({ seq }) => seq)

/** `from`, `from + 1`, … `to`. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n)

/** A bus that does not hear every second message. */
export function halfDeaf(bus: Bus): Bus {
  const everySecond = <Args extends unknown[]>(listener: (...args: Args) => void) => {
    let count = 0
    return (...args: Args) => {
      if (count++ % 2 === 1) listener(...args)
    }
  }
  return {
    ...deafBus(bus),
    onMoved: (listener) => bus.onMoved(everySecond(listener)),
    onSignal: (listener) => bus.onSignal(everySecond(listener)),
  }
}

/** A bus that hears nothing. */
export function deafBus(bus: Bus): Bus {
  return {
    node: bus.node,
    moved: (heads) => bus.moved(heads),
    onMoved: () => () => {},
    signal: (stream, payload) => bus.signal(stream, payload),
    onSignal: () => () => {},
    request: (node, topic, message, options) => bus.request(node, topic, message, options),
    serve: (topic, handler) => bus.serve(topic, handler),
    ready: () => bus.ready(),
    close: () => bus.close(),
  }
}
