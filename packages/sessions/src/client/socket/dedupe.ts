// Repeats of frames, told by their bytes (section 3.2.3). For callers who read sockets of their own: what the client follows
// is told apart by its numbers.

/** The last frames that were seen. */
export type WsMessageDedupeState = { readonly seen: Set<string>; readonly limit: number }

/** Remembers 5,000 frames unless told otherwise. */
export function createWsMessageDedupeState(limit = 5_000): WsMessageDedupeState {
  return { seen: new Set(), limit }
}

/** True for a frame that is new, which is remembered; the oldest is forgotten for it. */
export function rememberWsMessage(state: WsMessageDedupeState, message: unknown): boolean {
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  const { seen, limit } = state
  if (seen.has(text)) return false
  seen.add(text)
  const [oldest] = seen
  if (seen.size > limit && oldest !== undefined) seen.delete(oldest)
  return true
}
