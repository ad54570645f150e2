import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import type { NewWorktree } from './worktree.js'

/** A session that is to be made. */
export type NewSession = {
  readonly agentTemplateId: string
  readonly cwd: string
  readonly instance: string
  readonly firstPrompt: string
  /** Made first, and worked in. */
  readonly worktree?: NewWorktree
  /** Told where the worktree is, so that another try does not make it again. */
  readonly onWorktree?: (path: string) => void
}

/** Makes a session and sends its first prompt. Answers its id. Rejects with a `Problem`, in the server's words. */
export async function createSession(wanted: NewSession): Promise<string> {
  const client = sessionsClient()
  const { agentTemplateId, instance, firstPrompt } = wanted
  const cwd = await directoryOf(wanted)
  const runtimeInstance = instance === '' ? {} : { runtimeInstance: instance }
  const session = await told(
    client.createSession({ agentTemplateId, ...(cwd !== '' && { cwd }), ...runtimeInstance }),
  )
  // Not waited for: the session's page shows what becomes of it.
  if (firstPrompt.trim() !== '') sendFirst(session.id, firstPrompt.trim())
  return session.id
}

function sendFirst(id: string, text: string): void {
  const live = sessionsClient().session(id)
  const done = () => live.close()
  live.prompt(text).then(done, done)
}

async function directoryOf({ cwd, instance, worktree, onWorktree }: NewSession): Promise<string> {
  if (!worktree) return cwd
  const { path } = await told(sessionsClient().createRuntimeGitWorktree(instance, { path: cwd, ...worktree }))
  onWorktree?.(path)
  return path
}
