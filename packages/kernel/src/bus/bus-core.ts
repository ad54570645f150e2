// What every bus has in common: listeners, questions, limits. A bus adds the way messages travel.
import { kernelErrors } from '../errors/index.js'
import type { Clock, Ids, NodeId } from '../ids/index.js'
import { Listeners } from './listeners.js'
import type { BusMessage, Send } from './message.js'
import type { Bus, Head } from './port.js'
import { Requests } from './requests.js'

/** Most UTF-8 bytes of a signal. */
const maxSignalBytes = 256 * 1024

export type BusCoreOptions = {
  node: NodeId
  clock: Clock
  ids: Ids
  send: Send
  onFault(error: unknown, where: string): void
}

/** The verbs of a bus over `send`, and the way in for what arrives. */
export type BusCore = {
  verbs: Omit<Bus, 'ready' | 'close'>
  receive(message: BusMessage, from: NodeId): void
  /** Messages of other nodes may have been missed. */
  gap(): void
  /** Rejects what is pending. Afterwards nothing is sent or received. */
  end(): void
}

export function createBusCore({ node, clock, ids, send, onFault }: BusCoreOptions): BusCore {
  const fault = (error: unknown) => onFault(error, 'bus listener')
  const moved = new Listeners<[readonly Head[]]>(fault)
  const signals = new Listeners<[string, string]>(fault)
  const gaps = new Listeners<[]>(fault)
  let hasEnded = false
  const sendOpen: Send = (message, to) => {
    if (!hasEnded) send(message, to)
  }
  const requests = new Requests({ node, clock, ids, send: sendOpen })

  const receive = (message: BusMessage, from: NodeId) => {
    if (hasEnded) return
    switch (message.kind) {
      case 'moved':
        return moved.tell(message.heads)
      case 'signal':
        return signals.tell(message.stream, message.payload)
      case 'gap':
        return gaps.tell()
      case 'ask':
        return void requests.asked(message, from)
      case 'answer':
        return requests.answered(message)
    }
  }
  const verbs: BusCore['verbs'] = {
    node,
    moved(heads) {
      if (heads.length > 0) sendOpen({ kind: 'moved', heads })
    },
    onMoved: (listener) => moved.add(listener),
    signal(stream, payload) {
      assertSignalFits(payload)
      sendOpen({ kind: 'signal', stream, payload })
    },
    onSignal: (listener) => signals.add(listener),
    onGap: (listener) => gaps.add(listener),
    async request(to, topic, message, { timeoutMs } = {}) {
      if (hasEnded) throw kernelErrors.closed()
      return requests.request(to, topic, message, timeoutMs)
    },
    serve: (topic, handler) => requests.serve(topic, handler),
  }
  return {
    verbs,
    receive,
    gap: () => gaps.tell(),
    end() {
      hasEnded = true
      requests.close()
    },
  }
}

function assertSignalFits(payload: string): void {
  // No character takes more than three bytes, so short ones need no counting.
  if (payload.length * 3 <= maxSignalBytes) return
  if (Buffer.byteLength(payload) > maxSignalBytes)
    throw kernelErrors.bodyTooLarge({ message: 'A signal has at most 256 KiB.' })
}
