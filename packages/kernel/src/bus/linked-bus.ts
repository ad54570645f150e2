// A bus over a link that may break: what waits to be sent, and how it begins again.
import { kernelErrors } from '../errors/index.js'
import type { Clock, Ids, NodeId } from '../ids/index.js'
import { createBusCore } from './bus-core.js'
import type { BusMessage } from './message.js'
import { Outbox, type Packet } from './outbox.js'
import type { Bus } from './port.js'

const firstPauseMs = 50
const maxPauseMs = 2_000

/** A way to the other nodes, for as long as it lasts. */
export type Link = {
  /** Sends packets in order. Rejects when the link broke. */
  send(packets: readonly Packet[]): Promise<void>
  /** Resolves when the link has ended, whatever the reason. */
  ended: Promise<void>
  end(): Promise<void>
}

/** What a link tells, and when it has to stop trying. */
export type LinkEvents = {
  onMessage(message: BusMessage, from: NodeId): void
  onFault(error: unknown): void
  /** Aborts when the bus is closed. */
  signal: AbortSignal
}

export type LinkedBusOptions = {
  node: NodeId
  clock: Clock
  ids: Ids
  /** Where its faults come from, such as `postgres bus`. */
  name: string
  onFault(error: unknown, where: string): void
  /** What is told of a link's failure. Default: the error as it is. */
  describe?(error: unknown): unknown
  /** Tries once; resolves when messages of other nodes arrive. */
  connect(events: LinkEvents): Promise<Link>
}

/**
 * Connects in the background and again whenever the link breaks: hints wait meanwhile, signals are lost, and listeners
 * of `onGap` here and on the other nodes hear of it. What is said while packets are on their way travels together.
 */
export function linkedBus(options: LinkedBusOptions): Bus {
  const { node, clock, ids, name, onFault, describe = (error) => error, connect } = options
  const outbox = new Outbox()
  const closing = new AbortController()
  const first = deferred()
  let link: Link | undefined
  let isSending = false

  const fault = (error: unknown) => {
    if (!closing.signal.aborted) onFault(describe(error), name)
  }
  const core = createBusCore({
    node,
    clock,
    ids,
    onFault,
    send(message, to) {
      // Like those that waited when the link broke: what was true then may be wrong when there is one again.
      if (!link && message.kind === 'signal') return
      outbox.add(message, to)
      wake()
    },
  })
  // WHY: a turn later, so that the commit groups and answers of one turn travel together.
  const wake = () => {
    if (isSending || !link) return
    isSending = true
    setImmediate(() => void flush())
  }
  const flush = async () => {
    while (link && !outbox.isEmpty) {
      const sent = await link.send(outbox.take()).catch(onLost)
      if (sent === 'lost') break
    }
    isSending = false
  }
  const onLost = (error: unknown) => {
    fault(error)
    outbox.add({ kind: 'gap' }, undefined)
    return 'lost' as const
  }
  const events: LinkEvents = { onMessage: core.receive, onFault: fault, signal: closing.signal }
  const keepLinked = async () => {
    for (let isFirst = true; ; isFirst = false) {
      link = await untilConnected(connect, events, clock)
      if (!link) return first.reject(kernelErrors.closed())
      if (closing.signal.aborted) return link.end()
      if (isFirst) first.resolve()
      else core.gap()
      wake()
      await link.ended
      link = undefined
      outbox.dropSignals()
    }
  }
  const running = keepLinked()
  return {
    ...core.verbs,
    ready: () => first.promise,
    async close() {
      closing.abort()
      core.end()
      await link?.end()
      await running
    },
  }
}

/** Tries with growing pauses. Undefined when the bus is closed meanwhile. */
async function untilConnected(
  connect: LinkedBusOptions['connect'],
  events: LinkEvents,
  clock: Clock,
): Promise<Link | undefined> {
  for (let pause = firstPauseMs; !events.signal.aborted; pause = Math.min(pause * 2, maxPauseMs)) {
    try {
      return await connect(events)
    } catch (error) {
      events.onFault(error)
      await clock.sleep(pause, events.signal).catch(() => {})
    }
  }
  return undefined
}

function deferred(): { promise: Promise<void>; resolve(): void; reject(error: unknown): void } {
  let settle: { resolve(): void; reject(error: unknown): void } | undefined
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // Nobody has to wait for it.
  promise.catch(() => {})
  return { promise, resolve: () => settle?.resolve(), reject: (error) => settle?.reject(error) }
}
