// The hooks that docs/coming-from.md promises for those of the original. A name that goes away is a breaking change.
import { expect, test } from 'vitest'
import * as hooks from '../index.js'

const names = [
  ['ParleyProvider', 'useSessionsClient', 'useSessionEvents', 'useSessionState', 'useRuntimeWebSocket'],
  ['useAgentTemplates', 'useRuntimes', 'useSessions', 'useSession', 'useMessageQueue'],
  ['useRuntimeFileSystem', 'useSessionFileSystem', 'useRuntimeGitBranches', 'useRuntimeGitWorktrees'],
  ['useCreateSession', 'useTerminateSession', 'useRegisterAgentTemplate', 'useUpdateAgentTemplate'],
  ['useCreateRuntimeGitWorktree', 'useStartRuntime', 'useStopRuntime', 'usePauseRuntime', 'useDeleteRuntime'],
  ['useEnqueueMessage', 'useSendQueuedMessage', 'useRemoveQueuedMessage', 'useClearMessageQueue'],
  ['useTerminal', 'useIsMobile'],
  ['sessionLogsToSegments', 'resolveRuntimeSelection', 'reduceRuntimeTerminalSessions'],
  ['createWsMessageDedupeState', 'rememberWsMessage'],
].flat()

test.each(names)('%s is there', (name) => {
  expect(hooks).toHaveProperty(name, expect.any(Function))
})
