export type { StopOptions } from './compose.js'
export { createSessions, type Sessions } from './create.js'
export { sessionsErrors } from './errors.js'
export { type ImportSessionsDirOptions, importSessionsDir } from './import-sessions-dir.js'
export * from './protocol/index.js'
export { type Served, type ServeOptions, serve } from './serve.js'
export type { FileRequests, GitRequests, Place, QueueRequests } from './service/asking/port.js'
export type { Hosts } from './service/hosts/index.js'
export type { ImportReport } from './service/import-dir/index.js'
export type {
  AgentMessageContext,
  Authenticate,
  ErrorContext,
  PermissionRequestContext,
  PermissionResponse,
  Runtimes,
  SessionEndContext,
  SessionsHandlers,
  SessionsLimits,
  SessionsOptions,
} from './service/options.js'
export type {
  PermissionView,
  SessionsService,
  SessionView,
  WebhookDeliveryQuery,
} from './service/port.js'
export { sqlSessionsStorage } from './sql-storage.js'
export { sessionsMigrations, sqlSessionsStore } from './store/index.js'
export type { SessionsStore } from './store/port.js'
