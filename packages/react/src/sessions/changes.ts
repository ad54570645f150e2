import type { SessionsClient } from '@parley/sessions/client'

/** What a hook reads and another one changes. */
export type Topic = 'sessions' | 'templates' | 'runtimes' | 'messages' | 'worktrees'

type Listener = (topic: Topic) => void

// One for each client, and gone with it.
const listeners = new WeakMap<SessionsClient, Set<Listener>>()

/** Calls `listener` when something of this client was changed by a hook. Answers how to stop. */
export function onChange(client: SessionsClient, listener: Listener): () => void {
  const all = listeners.get(client) ?? new Set()
  listeners.set(client, all)
  all.add(listener)
  return () => all.delete(listener)
}

export function tellChanged(client: SessionsClient, topics: readonly Topic[]): void {
  for (const listener of Array.from(listeners.get(client) ?? [])) for (const topic of topics) listener(topic)
}
