import { isJsonObject } from '@parley/kernel/wire'
import { type HostResponse, rpcErrorText } from '../../protocol/index.js'
import type { HostEvent } from '../port.js'

/** Turns that somebody waits for. */
export interface TurnEnds {
  tell(event: HostEvent): void
  /** Sends a prompt and, when it runs at once, waits until its turn has ended: the answer of section 4. */
  run(sessionId: string, prompt: () => Promise<HostResponse>): Promise<HostResponse>
}

type Wait = (turnId: string | undefined, response: HostResponse) => void

export function createTurnEnds(): TurnEnds {
  const waits = new Map<string, Set<Wait>>()
  return {
    tell: ({ sessionId, type, data }) => {
      if (sessionId === undefined) return
      const ended = type === 'session.terminated'
      const isTurnEnd = type === 'rpc' && data.method === 'session/prompt' && data.phase === 'response'
      if (!ended && !isTurnEnd) return
      const response = ended ? refusal('session ended') : toResponse(data.payload)
      const turnId = !ended && typeof data.turnId === 'string' ? data.turnId : undefined
      for (const wait of waits.get(sessionId) ?? []) wait(turnId, response)
    },
    run: async (sessionId, prompt) => {
      const ends = new Map<string | undefined, HostResponse>()
      let onEnd = () => {}
      const wait: Wait = (turnId, response) => {
        ends.set(turnId, response)
        onEnd()
      }
      const set = waits.get(sessionId) ?? new Set()
      waits.set(sessionId, set.add(wait))
      try {
        // The turn may end before its id is known here.
        const answer = await prompt()
        const turnId = acceptedTurn(answer)
        if (turnId === undefined) return answer
        return await new Promise((resolve) => {
          onEnd = () => {
            const end = ends.get(turnId) ?? ends.get(undefined)
            if (end) resolve(end)
          }
          onEnd()
        })
      } finally {
        set.delete(wait)
        if (set.size === 0) waits.delete(sessionId)
      }
    },
  }
}

function acceptedTurn({ status, body }: HostResponse): string | undefined {
  const isAccepted = status === 202 && isJsonObject(body) && body.accepted === true
  return isAccepted && typeof body.turnId === 'string' ? body.turnId : undefined
}

function toResponse(payload: unknown): HostResponse {
  if (!isJsonObject(payload) || !isJsonObject(payload.error)) return { status: 200, body: payload }
  const { error } = payload
  return refusal(`prompt: rpc error ${String(error.code)}: ${rpcErrorText(error)}`)
}

const refusal = (message: string): HostResponse => ({ status: 500, body: { error: message } })
