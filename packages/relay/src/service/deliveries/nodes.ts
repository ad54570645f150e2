// What nodes tell each other about instances. All of it is repaired by what the store says: a lost message delays, and no more.

import type { Ground } from '@parley/kernel/ground'
import type { NodeId, Stop } from '@parley/kernel/ids'
import type { InstanceKey } from '../../store/port.js'

/** To the node that has the instance's socket. */
export type Question =
  /** Delivers no more to it under this epoch. */
  | { ask: 'idle'; key: InstanceKey; epoch: number }
  | { ask: 'interrupt'; key: InstanceKey; sessionKey: string; chatId: string }

/** To all. */
export type News =
  | { news: 'revoked'; gone: Gone }
  /** Somebody took it over under this epoch. */
  | { news: 'taken'; key: InstanceKey; epoch: number }
  /** The socket that had its events was lost: who has an older one may take them. */
  | { news: 'left'; key: InstanceKey }
export type Gone = { gatewayId: string } | InstanceKey

const topic = 'relay.nodes'
const stream = 'relay-nodes:all'

export type Nodes = {
  /** False: not there. Rejects as `Bus.request` does. */
  ask(node: NodeId, question: Question, timeoutMs: number): Promise<boolean>
  tell(news: News): void
}

export const nodesOf = ({ bus }: Pick<Ground, 'bus'>): Nodes => ({
  ask: async (node, question, timeoutMs) =>
    (await bus.request(node, topic, JSON.stringify(question), { timeoutMs })) === 'true',
  tell: (news) => bus.signal(stream, JSON.stringify(news)),
})

export type Listeners = {
  answer(question: Question): Promise<boolean>
  hear(news: News): void
  /** News may have been lost. */
  missed(): void
}

export function listenToNodes({ bus }: Pick<Ground, 'bus'>, { answer, hear, missed }: Listeners): Stop {
  // The casts: nodes of one ground run the same program.
  const stopServing = bus.serve(topic, async (text) => String(await answer(JSON.parse(text) as Question)))
  const stopHearing = bus.onSignal((of, text) => {
    if (of === stream) hear(JSON.parse(text) as News)
  })
  const stopMissing = bus.onGap?.(missed)
  return () => {
    stopMissing?.()
    stopServing()
    stopHearing()
  }
}
