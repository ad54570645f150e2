// Waits for the end of a turn by following the session's stream: on whichever node its host is.
import type { Log, StoredEvent } from '@parley/kernel/log'
import { isJsonObject } from '@parley/kernel/wire'
import {
  type PromptResult,
  type RpcData,
  rpcErrorText,
  sessionEvents,
  type WireEvent,
} from '../../protocol/index.js'
import { streamOf } from '../intake/streams.js'
import { isTurnEnd } from '../turns.js'
import { failed } from './submit.js'

/** How many events back the end of a turn is looked for that may have run before. */
export const lookBack = 5_000

/** Number of the newest event of a session; 0 when there is none. */
export async function headOf(log: Log, sessionId: string): Promise<number> {
  return (await log.last(streamOf(sessionId), { limit: 1 }))[0]?.seq ?? 0
}

/**
 * How a turn ended, looking at everything after `after`. Throws `promptFailed` when it failed or the session ended;
 * rejects with the signal's reason.
 */
export async function turnEnd(
  log: Log,
  sessionId: string,
  { turnId, after, signal }: { turnId: string; after: number; signal: AbortSignal },
): Promise<PromptResult> {
  for await (const item of log.follow(streamOf(sessionId), { after, signal })) {
    if ('mark' in item) {
      if (item.mark === 'gone') throw failed(500, { error: 'Session ended' })
      continue
    }
    if (item.type === sessionEvents.terminated) throw failed(500, { error: endText(item) })
    const end = endOfTurn(item, turnId)
    if (end) return toResult(end)
  }
  signal.throwIfAborted()
  throw failed(500, { error: 'Server is stopping' })
}

/** Only what may be the end is parsed: a turn has thousands of updates. */
function endOfTurn({ type, body }: StoredEvent, turnId: string): RpcData | undefined {
  if (type !== sessionEvents.rpc || !body.includes(turnId)) return undefined
  // The cast: the intake wrote it; each member is looked at.
  const { data } = JSON.parse(body) as { data: RpcData }
  return data.turnId === turnId && isTurnEnd(data) ? data : undefined
}

function toResult({ payload }: RpcData): PromptResult {
  if (isJsonObject(payload) && isJsonObject(payload.error)) {
    const { error } = payload
    throw failed(500, { error: `prompt: rpc error ${String(error.code)}: ${rpcErrorText(error)}` })
  }
  if (isJsonObject(payload) && typeof payload.stopReason === 'string')
    return { ...payload, stopReason: payload.stopReason }
  throw failed(500, { error: 'prompt: the agent gave no stop reason' })
}

function endText({ body }: StoredEvent): string {
  // The cast: the intake wrote it.
  const { data } = JSON.parse(body) as WireEvent
  return typeof data.message === 'string' ? `Session ended: ${data.message}` : 'Session ended'
}
