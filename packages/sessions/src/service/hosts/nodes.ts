// What nodes ask each other about hosts.

import type { Ground } from '@parley/kernel/ground'
import type { NodeId, Stop } from '@parley/kernel/ids'
import type { HostRequest, HostResponse } from '../../protocol/index.js'

export type Question =
  | { ask: 'request'; hostId: string; request: HostRequest; timeoutMs: number }
  | { ask: 'yield'; hostId: string }
  | { ask: 'isCaughtUp'; hostId: string }
  | { ask: 'deliver'; hostId: string }
  | { ask: 'revoke'; hostId: string }

/** `lost`: the link ended before the answer; `absent`: there is none on that node. */
export type RequestAnswer = { response: HostResponse } | { none: 'lost' | 'absent' }

const topic = 'sessions.hosts'

export function serveQuestions(bus: Ground['bus'], answer: (question: Question) => Promise<unknown>): Stop {
  // The cast: nodes of one ground run the same program.
  return bus.serve(topic, async (text) =>
    JSON.stringify((await answer(JSON.parse(text) as Question)) ?? null),
  )
}

/** Rejects as `Bus.request` does. */
export async function askNode(
  bus: Ground['bus'],
  node: NodeId,
  question: Question,
  timeoutMs = 5_000,
): Promise<unknown> {
  return JSON.parse(await bus.request(node, topic, JSON.stringify(question), { timeoutMs }))
}
