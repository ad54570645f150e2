// Everything that crosses the wire of the sessions plane: types and schemas, safe in a browser.
export {
  AcceptedPromptSchema,
  AskedPermissionsResponseSchema,
  FileSearchResponseSchema,
  GitBranchesResponseSchema,
  GitCommitsResponseSchema,
  GitDiffResponseSchema,
  GitStatusResponseSchema,
  GitWorktreeCreateResponseSchema,
  GitWorktreesResponseSchema,
  HostLinkStateSchema,
  PromptResultSchema,
  QueuedMessageSchema,
  QueuedPromptResponseSchema,
  RuntimeInfoSchema,
  RuntimeInstanceSchema,
  SessionCommandSchema,
  SessionStatusSchema,
  SessionsSettingsSchema,
  WebhookDeliveriesResponseSchema,
} from './answers.js'
export type * from './events.js'
export { sessionEvents } from './events.js'
export type * from './files.js'
export type * from './git.js'
export type * from './link/frames.js'
export { linkCloseCodes, linkLimits, linkPath, linkSubprotocol, linkVersion } from './link/limits.js'
export type * from './permissions.js'
export type * from './prompt-result.js'
export { rpcErrorText } from './rpc-error-text.js'
export type * from './runtime.js'
export type * from './runtime-host.js'
export {
  AgentSpawnSchema,
  AgentTemplateRuntimeSchema,
  AgentTemplateSchema,
  CreateSessionBodySchema,
  createRegisterAgentTemplateBodySchema,
  createUpdateAgentTemplateBodySchema,
  FilePreviewSchema,
  FileSystemEntrySchema,
  FileSystemSnapshotSchema,
  PendingPermissionOptionSchema,
  PendingPermissionSchema,
  PromptQueueStateSchema,
  RegisterAgentTemplateBodySchema,
  SessionLogSchema,
  SessionSchema,
  UpdateAgentTemplateBodySchema,
  WebhookConfigBodySchema,
  WebhookEventTypeSchema,
} from './schemas.js'
export type * from './session.js'
export type * from './session-host/index.js'
export { SessionHostStartRequestSchema } from './session-host/zod.js'
export type * from './settings.js'
export type * from './storage.js'
export type * from './webhooks.js'
export { PermissionResponseBodySchema, WireEventSchema } from './ws/actions.js'
export {
  channelsOfEvent,
  channelsOfLifecycle,
  channelsOfTerminal,
  type EventKind,
  isChannel,
  kindOfEvent,
  type ParsedChannel,
  parseChannel,
  tagOfEvent,
  tagOfTerminal,
} from './ws/channel-names.js'
export type * from './ws/channels.js'
export { WsChannelControlMessageSchema, WsChannelServerMessageSchema } from './ws/channels-zod.js'
export type * from './ws/index.js'
export { rewriteWebsocketUrl } from './ws/rewrite-url.js'
export {
  WsControlMessageSchema,
  WsServerMessageSchema,
  type WsSessionMessage,
  WsSessionMessageSchema,
} from './ws/zod.js'
