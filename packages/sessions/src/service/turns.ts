import type { RpcData } from '../protocol/index.js'

/** True for the answer to a prompt: the end of a turn, well or not. */
export function isTurnEnd(data: Partial<RpcData>): boolean {
  return data.method === 'session/prompt' && data.phase === 'response'
}
