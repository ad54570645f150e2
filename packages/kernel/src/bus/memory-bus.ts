import { type Clock, type Ids, type NodeId, systemClock, systemIds } from '../ids/index.js'
import { type BusCore, createBusCore } from './bus-core.js'
import type { BusMessage } from './message.js'
import type { Bus } from './port.js'

export type MemoryBusOptions = {
  clock?: Clock
  ids?: Ids
  /** Told when a listener throws. */
  onFault?(error: unknown, where: string): void
}

/** A place where the nodes of one process meet. */
export type MemoryBusHub = {
  /** A new node. Throws when one of that name is there. */
  node(id?: NodeId): Bus
}

/** Several nodes in one process, for tests and for two servers side by side. */
export function memoryBusHub(options: MemoryBusOptions = {}): MemoryBusHub {
  const { clock = systemClock, ids = systemIds, onFault = () => {} } = options
  const nodes = new Map<NodeId, BusCore>()

  const send = (from: NodeId, message: BusMessage, to?: NodeId) => {
    // WHY: later, as over a network: a listener never runs inside the call that told of the news.
    queueMicrotask(() => {
      const receivers = to === undefined ? [...nodes.keys()] : [to]
      for (const id of receivers) if (id !== from) nodes.get(id)?.receive(message, from)
    })
  }
  return {
    node(id = ids.next('node')) {
      if (nodes.has(id)) throw new Error(`There is a node ${id} already.`)
      const core = createBusCore({
        node: id,
        clock,
        ids,
        onFault,
        send: (message, to) => send(id, message, to),
      })
      nodes.set(id, core)
      return {
        ...core.verbs,
        ready: async () => {},
        async close() {
          core.end()
          if (nodes.get(id) === core) nodes.delete(id)
        },
      }
    },
  }
}

/** The bus of a server that is alone: nobody else hears or is heard. */
export function memoryBus(options: MemoryBusOptions & { node?: NodeId } = {}): Bus {
  return memoryBusHub(options).node(options.node)
}
