import type { PromptQueueItem, PromptQueueState } from '../../protocol/index.js'

/** The prompt queue as a host told it; undefined when it is not one. `size` is counted here. */
export function toQueueState(data: Readonly<Record<string, unknown>>): PromptQueueState | undefined {
  const { processing, paused, items } = data
  if (typeof processing !== 'boolean' || typeof paused !== 'boolean' || !Array.isArray(items))
    return undefined
  if (!items.every(isItem)) return undefined
  const kept = items.map(({ queueId, text, enqueuedAt }, position) => ({
    queueId,
    text,
    enqueuedAt,
    position,
  }))
  return { processing, paused, items: kept, size: kept.length }
}

function isItem(value: unknown): value is PromptQueueItem {
  if (typeof value !== 'object' || value === null) return false
  // The cast: each member is looked at.
  const { queueId, text, enqueuedAt } = value as Record<string, unknown>
  return typeof queueId === 'string' && typeof text === 'string' && typeof enqueuedAt === 'string'
}
