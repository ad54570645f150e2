export { isDeeperThan, isJsonObject, type JsonObject, jsonBytes } from '@parley/kernel/wire'
export {
  type ActionError,
  type ActionRules,
  type CheckedAction,
  checkAction,
  type SetAction,
} from './actions.js'
export { By, Context, type Field, FieldEntry, FieldOption, SchemaField } from './field.js'
export {
  ActionFrame,
  AuthFrame,
  ClaimedFrame,
  ClientFrame,
  ConnectedFrame,
  DoneFrame,
  ErrorFrame,
  ExtendedFrame,
  type FrameType,
  frameTexts,
  HeartbeatFrame,
  HistoryGoneFrame,
  PingFrame,
  parseClientFrame,
  parseServerFrame,
  ServerFrame,
  tokenProtocol,
  UserEditFrame,
} from './frames.js'
export { isBlank, isSameJson } from './json.js'
export { isKey } from './key.js'
export {
  defaultLifetime,
  defaultLimits,
  defaultRates,
  type Limits,
  pauseMs,
  type Rates,
  sizeProblem,
} from './limits.js'
export {
  Action,
  ActionAnswer,
  ActionBody,
  ActionErrorEntry,
  AuditAnswer,
  AuditRecord,
  Change,
  ChangeBy,
  ClaimAnswer,
  ClaimBody,
  ContextAnswer,
  CreateSessionRequest,
  DataContextAnswer,
  DiffAnswer,
  ErrorAnswer,
  ExtendAnswer,
  ExtendBody,
  FormContextAnswer,
  NotifyAnswer,
  NotifyBody,
  PromptAnswer,
  RevokeAnswer,
  SessionInfo,
  WellKnownAnswer,
} from './messages.js'
export {
  buildHandshakePrompt,
  buildPrompt,
  type PagePromptOptions,
  type PromptLanguage,
  type PromptOptions,
  type PromptSession,
} from './prompt/build.js'
export { type ParsedPrompt, PromptError, parsePrompt } from './prompt/parse.js'
export {
  type EditOptions,
  isLocked,
  onAgentSet,
  onCreate,
  onUserEdit,
  type Provenance,
} from './provenance.js'
export {
  type ActionRequest,
  type ClaimRequest,
  type CreateRequest,
  type EditRequest,
  parseActionRequest,
  parseBody,
  parseClaimRequest,
  parseCreateRequest,
  parseEditRequest,
  parseExtendRequest,
} from './requests.js'
export { fieldOf, missingKeys, parseSchema } from './schema.js'
export { parseSince, toTimestamp } from './timestamp.js'
export { type ValidateOptions, type Validator, type Verdict, validateValue } from './validate.js'
