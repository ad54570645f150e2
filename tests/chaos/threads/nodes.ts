import { join } from 'node:path'
import { root } from '../../architecture/checkout.js'
import { Nodes } from '../nodes.js'

/** What a node is told. */
export type NodeSetup = { database: string; redisUrl: string; replayCap: number }

const program = join(root, 'tests/dist/chaos/threads/main.js')

export const servers = (setup: NodeSetup): Nodes =>
  new Nodes({ program, setup, noun: 'node', stopWithinMs: 45_000 })
