export { createThreads, type Threads } from './create.js'
export { threadsErrors } from './errors.js'
export * from './protocol/index.js'
export type { Broadcaster, BroadcastTarget } from './service/broadcaster.js'
export type { Caller } from './service/caller.js'
export type {
  OperatorListing,
  OperatorTenant,
  OperatorThread,
  OperatorThreadDetail,
  OperatorThreadPage,
  ThreadsOperator,
} from './service/operator.js'
export type {
  Authenticate,
  Authorize,
  HandshakeData,
  ThreadsLimits,
  ThreadsOptions,
} from './service/options.js'
export type { AssistantProfile } from './service/runs/assistants.js'
export type {
  AssistantAnalytics,
  AssistantHandler,
  Emission,
  FormAnswer,
  FormToAsk,
  HandlerContext,
  HandlerSend,
  MessageOptions,
  OnAnalytics,
  ReadableText,
  TextStream,
  ToolCallEmission,
  ToolVerdict,
} from './service/runs/handler.js'
export type { ThreadsService } from './service/service.js'
export type { WebhookOptions } from './service/webhooks/options.js'
export type {
  DeliveryListing,
  NewWebhook,
  ThreadsWebhooks,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookListing,
  WebhookPatch,
  WebhookReplay,
} from './service/webhooks/types.js'
export { socketIoBroadcaster } from './socket/index.js'
export { sqlThreadStore, threadsMigrations } from './store/index.js'
export type {
  InvocationRow,
  MemberRow,
  QuestionRow,
  QueuedBy,
  RunChange,
  RunExpectation,
  RunRow,
  RunState,
  TenantMap,
  ThreadChange,
  ThreadRow,
  ThreadStore,
} from './store/port.js'
