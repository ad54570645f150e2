// Hooks for coding agents. Made on `@parley/sessions/client`.
export {
  type ConnectionState,
  createWsMessageDedupeState,
  reduceTerminals as reduceRuntimeTerminalSessions,
  rememberWsMessage,
  type TerminalSession,
  type TerminalSession as RuntimeTerminalSession,
  type WsMessageDedupeState,
} from '@parley/sessions/client'
export {
  type StartRuntimeInput,
  useClearMessageQueue,
  useCreateRuntimeGitWorktree,
  useCreateSession,
  useDeleteAgentTemplate,
  useDeleteRuntime,
  useEnqueueMessage,
  usePauseRuntime,
  useRegisterAgentTemplate,
  useRemoveQueuedMessage,
  useSendQueuedMessage,
  useStartRuntime,
  useStopRuntime,
  useTerminateSession,
  useUpdateAgentTemplate,
} from './mutations.js'
export {
  ParleyProvider,
  type ParleyProviderProps,
  SessionsProvider,
  type SessionsProviderProps,
  useSessionsClient,
} from './provider.js'
export {
  type UseFileSystemOptions,
  type UseGitOptions,
  useAgentTemplates,
  useMessageQueue,
  useRuntimeFileSystem,
  useRuntimeGitBranches,
  useRuntimeGitWorktrees,
  useRuntimes,
  useSessionFileSystem,
} from './queries.js'
export { type RuntimeSelection, resolveRuntimeSelection } from './runtime-selection.js'
export { type SessionLogMarkdownSegment, sessionLogsToSegments } from './segments.js'
export type { SessionActions } from './session-store.js'
export { type Files, useFiles } from './use-files.js'
export { useIsMobile } from './use-is-mobile.js'
export type { Mutation, MutationOptions } from './use-mutation.js'
export { type Permissions, usePermissions } from './use-permissions.js'
export { type Prompt, usePrompt } from './use-prompt.js'
export type { Queried, QueryOptions } from './use-query.js'
export { type RuntimeWebSocketHandle, useRuntimeWebSocket } from './use-runtime-web-socket.js'
export { type OpenSession, useSession } from './use-session.js'
export { type SessionEvents, useSessionEvents } from './use-session-events.js'
export { type SessionState, useSessionState } from './use-session-state.js'
export { type UseSessionsOptions, useSessions } from './use-sessions.js'
export { type Terminals, useTerminal } from './use-terminal.js'
