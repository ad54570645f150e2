export { type AcceptOptions, type Acceptor, type AcceptorOptions, createAcceptor } from './acceptor.js'
export { Batch } from './batch.js'
export {
  type BinaryListener,
  type CloseListener,
  type Connection,
  closeCodes,
  type InboundLimits,
  type MessageListener,
  type SlowLimits,
} from './connection.js'
export type { Encode } from './feed/entry.js'
export { createFeed, type Feed, type FeedLimits, type FeedOptions, type JoinOptions } from './feed/feed.js'
export type { JoinCallbacks } from './feed/member.js'
export type { HeartbeatOptions } from './heartbeat.js'
export type { Lane } from './lane.js'
export { createOutlet, type Flushable, type Outlet } from './outlet.js'
export { canPrepareFrames, type PreparedFrame, payloadOf, prepareFrame } from './prepared-frame.js'
export {
  createUpgradeRouter,
  destroyOnError,
  type PathMatcher,
  refuseUpgrade,
  type UpgradeHandler,
  type UpgradeRouter,
  type UpgradeRouterOptions,
} from './upgrade-router.js'
