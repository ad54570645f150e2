export type { StopOptions } from './compose.js'
export { createSessions, type Sessions } from './create.js'
export { sessionsErrors } from './errors.js'
export * from './protocol/index.js'
export type { Hosts } from './service/hosts/index.js'
export type {
  AgentMessageContext,
  Authenticate,
  ErrorContext,
  PermissionRequestContext,
  PermissionResponse,
  SessionEndContext,
  SessionsHandlers,
  SessionsLimits,
  SessionsOptions,
} from './service/options.js'
export type {
  EnqueueBody,
  PermissionView,
  SessionsService,
  SessionView,
  WebhookDelivery,
  WebhookDeliveryQuery,
  WebhookDeliveryState,
} from './service/port.js'
export { sqlSessionsStorage } from './sql-storage.js'
export { sessionsMigrations, sqlSessionsStore } from './store/index.js'
export type { SessionsStore } from './store/port.js'
