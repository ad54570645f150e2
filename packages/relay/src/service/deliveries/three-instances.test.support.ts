import { fakeClock, testGrounds } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { key, type NodeOptions, startNode } from './deliveries.test.support.js'

const [inMemory] = await testGrounds()
export const sibling = { tenant: 'org-17', instanceId: 'i2' }
export const stranger = { tenant: 'org-18', instanceId: 'i1' }

/** A node on SQLite in memory with a clock that stands still, and three instances. */
export async function open(options: NodeOptions = {}) {
  const clock = fakeClock()
  const { ground, close } = await inMemory!.open({ clock })
  onTestFinished(close)
  const node = await startNode(ground, options)
  for (const one of [key, sibling, stranger]) await node.addInstance(one)
  const stateOf = async (of = key) => (await node.deps.store.instances.find(of))?.state
  return { node, clock, ground, stateOf }
}
