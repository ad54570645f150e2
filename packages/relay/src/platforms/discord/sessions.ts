// Where each shard stands in the gateway's stream: with it, Discord sends again what was missed while nobody was connected.
// https://docs.discord.com/developers/events/gateway#resuming

import type { SessionInfo } from '@discordjs/ws'
import * as z from 'zod'

const WsUrl = z.url({ protocol: /^wss?$/ })
const Session = z.object({
  sessionId: z.string().min(1).max(200),
  sequence: z.int().nonnegative(),
  shardId: z.int().nonnegative(),
  shardCount: z.int().positive(),
  resumeURL: WsUrl,
})
const Cursor = z.object({ sessions: z.array(Session).max(1_000) })
/** LIMIT: what a cursor may have. Bots of more shards than fit begin anew after a restart. */
const maxCursor = 4_096

export class Sessions {
  readonly #sessions = new Map<number, SessionInfo>()
  /** Instead of the address that Discord names for resuming. */
  readonly #gatewayUrl: string | undefined

  constructor(gatewayUrl: string | undefined) {
    this.#gatewayUrl = gatewayUrl
  }

  /** A cursor that is none is as good as none. */
  restore(cursor: string | undefined): void {
    for (const session of readCursor(cursor)) this.#sessions.set(session.shardId, session)
  }

  find(shardId: number): SessionInfo | null {
    const session = this.#sessions.get(shardId)
    if (!session) return null
    return { ...session, resumeURL: this.#gatewayUrl ?? session.resumeURL }
  }

  /** A new session, or null when Discord does not know the old one any more. How far it was read, `taken` says. */
  set(shardId: number, session: SessionInfo | null): void {
    if (!session) this.#sessions.delete(shardId)
    else if (this.#sessions.get(shardId)?.sessionId !== session.sessionId) {
      const resumeURL = WsUrl.safeParse(this.#gatewayUrl ?? session.resumeURL)
      // Without an address it can't be resumed, only begun anew.
      if (resumeURL.success) this.#sessions.set(shardId, { ...session, resumeURL: resumeURL.data })
    }
  }

  taken(shardId: number, sequence: number): void {
    const session = this.#sessions.get(shardId)
    if (session && sequence > session.sequence) session.sequence = sequence
  }

  /** As text, up to the events that are stored. `firstWaiting`: a shard's first event that is not. Undefined when there is nothing to keep. */
  cursor(firstWaiting: (shardId: number) => number | undefined): string | undefined {
    const sessions = [...this.#sessions.values()].map((session) => {
      const first = firstWaiting(session.shardId)
      return {
        ...session,
        sequence: first === undefined ? session.sequence : Math.min(session.sequence, first - 1),
      }
    })
    const cursor = JSON.stringify({ sessions })
    return sessions.length > 0 && cursor.length <= maxCursor ? cursor : undefined
  }
}

function readCursor(cursor: string | undefined): SessionInfo[] {
  if (cursor === undefined) return []
  try {
    return Cursor.safeParse(JSON.parse(cursor)).data?.sessions ?? []
  } catch {
    return []
  }
}
