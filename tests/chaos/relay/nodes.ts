import { join } from 'node:path'
import type { BotIdentity, SimControls, SimFaults } from '@parley/relay'
import { root } from '../../architecture/checkout.js'
import { Nodes } from '../nodes.js'

/** What a connector is told. */
export type NodeSetup = { database: string; redisUrl: string; key: string }

/** What the test asks of a simulated platform: a person writes, or something goes wrong from now on. */
export type SimCall = {
  bot: BotIdentity
  said?: Parameters<SimControls['say']>[0]
  faults?: Partial<SimFaults>
}

const program = join(root, 'tests/dist/chaos/relay/main.js')

export const connectors = (setup: NodeSetup): Nodes =>
  new Nodes({ program, setup, noun: 'connector', stopWithinMs: 60_000 })
