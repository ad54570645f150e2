import type { Clock, Ids } from '@parley/kernel/ids'
import type { BotIdentity, CapabilityDescriptor } from '../../protocol/index.js'
import type { PlatformLimits } from '../port.js'
import type { Faults } from './faults.js'
import type { WorldFeed } from './feed.js'

/** One simulated bot, as its parts share it. */
export type Sim = {
  identity: BotIdentity
  username: string
  descriptor: CapabilityDescriptor
  limits: PlatformLimits
  feed: WorldFeed
  faults: Faults
  clock: Clock
  ids: Ids
  onFault(error: unknown, where: string): void
}
