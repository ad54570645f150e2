import type { Evidence } from './evidence.js'
import type { World } from './world.js'

/** What a run proved. */
export type Figures = {
  gateways: number
  disasters: Record<string, number>
  /** Messages of people that were accepted, and how often they were handed over, repeats included. */
  messages: number
  handedOver: number
  repeats: number
  /** What gateways asked for, by what they were told, and the receipts of it. */
  asked: Record<string, number>
  receipts: Record<string, number>
  connections: number
  deaths: number
  idles: number
  twins: number
  /** Gateways that had to come again since their acknowledgement could not be written down. */
  lostAcks: number
  seconds: number
}

export function figuresOf(
  { gateways }: World,
  evidence: Evidence & { lostAcks: number },
  { disasters, began }: { disasters: readonly string[]; began: number },
): Figures {
  const wire = evidence.gateways.flatMap((one) => one.wire)
  const inbound = wire.flatMap((event) => (event.kind === 'inbound' ? event.bufferId : []))
  const connections = evidence.gateways.map(
    (one) => new Set(one.wire.flatMap((event) => (event.kind === 'open' ? event.socket : []))).size,
  )
  const sum = (name: 'deaths' | 'idles' | 'twins') =>
    gateways.reduce((total, { figures }) => total + figures[name], 0)
  return {
    gateways: gateways.length,
    disasters: counted(disasters),
    messages: evidence.written.length,
    handedOver: inbound.length,
    repeats: inbound.length - new Set(inbound).size,
    asked: counted(evidence.gateways.flatMap(({ asked }) => asked.map(({ told }) => told))),
    receipts: counted(evidence.receipts.map(({ state }) => state)),
    connections: connections.reduce((total, count) => total + count, 0),
    deaths: sum('deaths'),
    idles: sum('idles'),
    twins: sum('twins'),
    lostAcks: evidence.lostAcks,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
