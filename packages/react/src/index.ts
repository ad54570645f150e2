// React hooks and unstyled components for threads, and hooks for sessions and the relay. Made on the planes' clients; runs with React 18 and 19.

export type { ThreadRootProps } from './components/root.js'
export type { ThreadProps } from './components/thread.js'
export { Thread } from './components/thread.js'
export {
  type CodeProps,
  type FormProps,
  type TextProps,
  type ThreadComponents,
  type ThreadSettings,
  useThreadSettings,
  useThreadSnapshot,
} from './components/thread-context.js'
export type { TimelineProps } from './components/timeline.js'
export type { ThreadActions } from './hooks/thread-actions.js'
export type { ThreadListState } from './hooks/thread-list.js'
export { useConnection } from './hooks/use-connection.js'
export { type Presence, usePresence } from './hooks/use-presence.js'
export { type FollowedRun, isActiveRun, type RunTarget, useRun } from './hooks/use-run.js'
export { type OpenThread, useThread } from './hooks/use-thread.js'
export { type Threads, useThreads } from './hooks/use-threads.js'
export { englishLabels, type Labels } from './labels.js'
export { Code } from './parts/code.js'
export { RichText, type RichTextProps } from './parts/rich-text.js'
export { ThreadsProvider, type ThreadsProviderProps, useIdentityId, useThreadsClient } from './provider.js'
export * from './relay/index.js'
export * from './sessions/index.js'
