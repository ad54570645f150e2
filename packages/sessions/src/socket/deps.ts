import type { Ground } from '@parley/kernel/ground'
import type { Feed } from '@parley/kernel/socket'
import type { SessionsDeps } from '../service/deps.js'
import type { SessionsService } from '../service/port.js'
import type { Audience, Frames } from './audience.js'
import type { Everything } from './everything.js'

/** What the sockets of a node share. */
export type SocketDeps = {
  service: SessionsService
  ground: Pick<Ground, 'log' | 'clock' | 'ids'>
  options: SessionsDeps['options']
  feed: Feed<Audience>
  frames: Frames
  everything: Everything
  fault(error: unknown): void
}
