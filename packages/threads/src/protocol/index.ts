// The threads contract as types, schemas and parsers; runs anywhere. Object types are the wire: snake_case, as sent. What
// the parsers of requests answer, and options, are camelCase; drafts and cursors stay in the shape of the wire.

export { fromIsoTime, isJsonObject, type JsonObject, toIsoTime } from '@parley/kernel/wire'
export { type AuthorizeAction, authorizeActions } from './actions.js'
export {
  AnyEvent,
  CancelAnswer,
  DeleteAnswer,
  ErrorAck,
  ErrorBody,
  InvokeAnswer,
  JoinAnswer,
  LeaveAnswer,
  SendAnswer,
} from './answers.js'
export { type DraftOptions, EventDraft, eventDraftSchema } from './draft.js'
export {
  FormExpiredEvent,
  isKnownEvent,
  MessageDeletedEvent,
  MessageEditedEvent,
  MessageEvent,
  parseEvent,
  ReasoningEvent,
  RunCancelledEvent,
  RunCompletedEvent,
  RunError,
  RunFailedEvent,
  RunStartedEvent,
  ThreadCreatedEvent,
  ThreadEvent,
  type ThreadEventType,
  ThreadMemberAddedEvent,
  ThreadMemberRemovedEvent,
  ThreadTenantChangedEvent,
  ToolApprovedEvent,
  ToolCallEvent,
  ToolExpiredEvent,
  ToolRejectedEvent,
  ToolResultEvent,
  UnknownEvent,
} from './events.js'
export {
  MembersUpdated,
  PresenceUpdated,
  ReadUpdated,
  StreamDelta,
  StreamEnd,
  StreamStart,
  ThreadDeleted,
  ThreadLeft,
  Typing,
} from './frames.js'
export {
  AssistantIdentity,
  assistant,
  Identity,
  type IdentityMembers,
  SystemIdentity,
  system,
  UserIdentity,
  user,
} from './identity.js'
export { defaultLimits, type Limits, lengths } from './limits.js'
export {
  assertNamespaceKeys,
  deriveNamespacePath,
  type NamespaceOptions,
  NamespaceViolation,
  parseNamespacePath,
  validateNamespaceValue,
} from './namespace.js'
export {
  type AnalyticsEvent,
  type EventCursor,
  ListedThread,
  type Page,
  pageOf,
  Run,
  RunStatus,
  Thread,
  ThreadCursor,
  ThreadMember,
  type ThreadPatch,
} from './objects.js'
export {
  type EventQuery,
  parseEventQuery,
  parseRunQuery,
  parseThreadQuery,
  type RunQuery,
  type ThreadQuery,
} from './paging.js'
export {
  AudioPart,
  ContentPart,
  contentPartSchema,
  contentSchema,
  DocumentPart,
  FormPart,
  FormStatus,
  ImagePart,
  type PartOptions,
  TextPart,
  text,
} from './parts.js'
export { parseBody } from './read.js'
export {
  type AddMember,
  type ContentOptions,
  type CreateThread,
  type Invocation,
  type MessageEdit,
  parseAddMember,
  parseCreateThread,
  parseEventDraft,
  parseInvocation,
  parseMessageEdit,
  parseReadMark,
  parseThreadPatch,
  parseVerdict,
  type ReadMark,
  type Verdict,
} from './requests.js'
export {
  type Acknowledge,
  type ClientToServerEvents,
  clientEvents,
  type InvokePayload,
  type ServerToClientEvents,
  serverEvents,
} from './socket-events.js'
export {
  type JoinPayload,
  parseCancelPayload,
  parseEditPayload,
  parseEventPayload,
  parseInvokePayload,
  parseJoinPayload,
  parseReadPayload,
  parseSendPayload,
  parseThreadPayload,
  parseToolCallPayload,
} from './socket-requests.js'
export { TenantScope, tenantMatches, tenantOf } from './tenant.js'
export { isAllowedUrl } from './urls.js'
export {
  type ConnectRefusal,
  toConnectRefusal,
  toErrorAck,
  toErrorBody,
  toWireError,
  type WireCode,
  type WireError,
} from './wire.js'
