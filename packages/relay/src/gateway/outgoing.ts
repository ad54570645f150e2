// Actions on their way out, and what becomes of them (contract 2.8, 2.9).

import type { Clock, Ids } from '@parley/kernel/ids'
import { isLongerThan, type JsonObject } from '@parley/kernel/wire'
import { frameText, limits, type OutboundAction, type OutboundResult, readResult } from '../protocol/index.js'
import type { Link } from './link/link.js'
import { createPendingResults } from './link/pending-results.js'
import type { Targets } from './targets.js'
import { upTo } from './up-to.js'

export interface Outgoing {
  /** Never rejects for what becomes of it. */
  send(action: OutboundAction): Promise<OutboundResult>
  takeResult(frame: JsonObject): void
  /** The connection is gone: what waits may have been done. */
  lost(): void
  /** Nothing more is sent. Resolves when every result has come, or after `graceMs`, with the rest settled. */
  close(graceMs: number): Promise<void>
}

export type OutgoingOptions = {
  clock: Clock
  ids: Ids
  targets: Targets
  /** The connection, once its descriptor has come. */
  link(): Link | undefined
}

/** LIMIT: actions without a result, and bytes that have not left. */
const maxPending = 4_096
const maxBufferedBytes = 16 * 1024 * 1024

export function createOutgoing({ clock, ids, targets, link }: OutgoingOptions): Outgoing {
  const pending = createPendingResults(clock)
  let isClosing = false

  const obstacleTo = (text: string, bufferedBytes: number): string | undefined => {
    if (isLongerThan(text, limits.inboundMessageBytes - 1)) return 'the action is too large'
    if (bufferedBytes > maxBufferedBytes) return 'the connection is congested'
    return pending.size >= maxPending ? 'too many actions wait for their results' : undefined
  }
  const settleAll = () =>
    pending.settleAll({
      success: false,
      error: isClosing ? 'relay transport closed' : 'relay transport connection lost',
      ambiguous: true,
    })

  return {
    send: async (action) => {
      const open = link()
      if (isClosing) return failed('relay transport closed')
      if (!open) return failed('relay transport not connected')
      const requestId = ids.hex(16)
      const text = frameText({ type: 'outbound', requestId, action, ...targets.of(action) })
      const obstacle = obstacleTo(text, open.bufferedBytes)
      if (obstacle) return failed(`relay send failed: ${obstacle}`)
      const result = pending.wait(requestId)
      open.send(text, ({ message }) => pending.settle(requestId, failed(`relay send failed: ${message}`)))
      return result
    },
    takeResult: ({ requestId, result }) => {
      if (typeof requestId === 'string') pending.settle(requestId, readResult(result))
    },
    lost: settleAll,
    close: async (graceMs) => {
      isClosing = true
      await upTo(clock, graceMs, pending.none())
      settleAll()
    },
  }
}

const failed = (error: string): OutboundResult => ({ success: false, error })
