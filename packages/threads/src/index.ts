export { createThreads, type Threads } from './create.js'
export { threadsErrors } from './errors.js'
export * from './protocol/index.js'
export type { Caller } from './service/caller.js'
export type {
  Authenticate,
  Authorize,
  HandshakeData,
  ThreadsLimits,
  ThreadsOptions,
} from './service/options.js'
export type {
  AssistantAnalytics,
  AssistantHandler,
  Emission,
  HandlerContext,
  HandlerSend,
  OnAnalytics,
  ToolCallEmission,
} from './service/runs/handler.js'
export type { ThreadsService } from './service/service.js'
export { threadsMigrations } from './store/index.js'
