export { handshakeForExpress } from './adapters/express.js'
export { handshakeForHono } from './adapters/hono.js'
export { handshakeForNode } from './adapters/node.js'
export { closeCodes } from './close-codes.js'
export { createHandshake, type Handshake } from './create.js'
export type { EngineAnswer, HandshakeEngine, NotifyOptions, SocketCredentials } from './engine.js'
export { createHandshakeEngine, type StandaloneEngine } from './engine-alone.js'
export { handshakeErrors } from './errors.js'
export { tokenFromRequest } from './http/to-caller.js'
export { buildPrompt } from './prompt.js'
export { buildHandshakePrompt, type FrameType, type PromptLanguage } from './protocol/index.js'
export type { AuditRecord } from './service/audit.js'
export type { Caller } from './service/caller.js'
export type { ChangeRecord } from './service/events.js'
export type { HookFunctions } from './service/hooks.js'
export {
  type BatchIo,
  type BatchResult,
  defaultHandlers,
  formFillHandler,
  type Gate,
  genericHandler,
  handlerFor,
  type ModeHandler,
  type ModeHandlers,
} from './service/modes/index.js'
export type { HandshakeDetail, HandshakePage, HandshakeSummary, PageQuery } from './service/operator.js'
export type { HandshakeOptions } from './service/options.js'
export type { HandshakeService } from './service/service.js'
export type { HandshakeSession, PushedFrame } from './service/session.js'
export { verifyToken } from './service/verify-token.js'
export { tokenFromUpgrade } from './socket/credentials.js'
export { handshakeMigrations } from './store/index.js'
export { version } from './version.js'
