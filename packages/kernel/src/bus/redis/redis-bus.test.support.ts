import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { systemClock, systemIds } from '../../ids/index.js'
import type { Bus } from '../port.js'
import { type RedisBusOptions, redisBus } from './redis-bus.js'

export const newPrefix = (): string => `test-${randomUUID()}`

export type RedisPair = { a: Bus; b: Bus; prefix: string; faults: unknown[]; close(): Promise<void> }

/** Two nodes on channels of their own. */
export function redisPair(url: string): RedisPair {
  const prefix = newPrefix()
  const faults: unknown[] = []
  const open = (node: string) =>
    redisBus({
      url,
      prefix,
      node,
      clock: systemClock,
      ids: systemIds,
      onFault: (error) => faults.push(error),
    })
  const [a, b] = [open('a'), open('b')]
  return { a, b, prefix, faults, close: async () => void (await Promise.all([a.close(), b.close()])) }
}

/** As `redisPair`, heard by each other, and closed with the test. */
export async function readyPair(url: string): Promise<RedisPair> {
  const pair = redisPair(url)
  onTestFinished(pair.close)
  await Promise.all([pair.a.ready(), pair.b.ready()])
  return pair
}

/** One bus, closed with the test. */
export function testBus(options: Partial<RedisBusOptions> & { url: string }): Bus {
  const bus = redisBus({ prefix: newPrefix(), clock: systemClock, ids: systemIds, ...options })
  onTestFinished(() => bus.close())
  return bus
}

/** True when a question from `from` to `to` comes back. */
export const passes = (from: Bus, to: Bus): Promise<boolean> =>
  from.request(to.node, 'echo', 'here', { timeoutMs: 200 }).then(
    (answer) => answer === 'here',
    () => false,
  )
