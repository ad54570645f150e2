import type { Draft } from '@parley/kernel/log'
import { text } from '../../protocol/index.js'
import { toDraft } from '../events.js'
import { planeAuthor } from '../plane-author.js'

/** Longest chain of assistants that start each other; a person's run has depth 0. */
export const maxDepth = 8

/** What the room is told when a message would have made the chain too long. */
export function chainStopped(): Draft {
  const words = `Assistants called each other ${maxDepth} times in a row; the chain was stopped.`
  return toDraft('message', { author: planeAuthor }, { content: [text(words)] })
}
