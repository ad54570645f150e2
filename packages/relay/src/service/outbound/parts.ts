import { setMaxListeners } from 'node:events'
import type { OutboundAction } from '../../protocol/index.js'
import type { Bots, Media, RelayDeps, Vault } from '../deps.js'
import { Turns } from '../media/turns.js'
import { createReceipts, type Receipts } from '../receipts/index.js'
import { Egress } from './egress.js'
import { Lanes } from './lanes.js'
import { createThreads, type Threads } from './threads.js'
import { createVoices, type Voices } from './voices.js'

/** Other rooms that it needs. */
export type OutboundParts = {
  bots: Pick<Bots, 'get'>
  vault: Pick<Vault, 'resolve'>
  media: Pick<Media, 'fetchSource'>
}

/** What the pieces of this room work with. */
export type Parts = {
  deps: RelayDeps
  bots: OutboundParts['bots']
  vault: OutboundParts['vault']
  media: OutboundParts['media']
  receipts: Receipts
  egress: Egress
  threads: Threads
  voices: Voices
  lanes: Lanes
  /** Files are held in memory while they are sent: not too many at once. */
  files: Turns
  /** Nothing new is begun. */
  stopping: AbortController
  /** What is under way is left alone. */
  stopped: AbortController
  onFault(error: unknown): void
}

const filesAtOnce = { all: 16, each: 8 }

export function createParts(deps: RelayDeps, others: OutboundParts): Parts {
  const threads = createThreads(deps)
  const stopping = new AbortController()
  const stopped = new AbortController()
  // Every call listens to them; how many there are at once is bounded elsewhere.
  setMaxListeners(0, stopping.signal, stopped.signal)
  return {
    deps,
    ...others,
    receipts: createReceipts(deps),
    egress: new Egress(deps, threads),
    threads,
    voices: createVoices(deps),
    lanes: new Lanes(deps.ground.clock, stopping.signal),
    files: new Turns(filesAtOnce),
    stopping,
    stopped,
    onFault: (error) => deps.onFault(error, 'relay.outbound'),
  }
}

type Op = OutboundAction['op']

/** What a person waits for: a window's last seat is kept for it. */
const finals = new Set<Op>(['send', 'send_media', 'prompt', 'follow_up'])
export const isFinal = (op: Op): boolean => finals.has(op)

/** What nobody misses: it is left out where there is no room for it, and nobody asks later what became of it. */
const cosmetics = new Set<Op>(['typing', 'react'])
export const isCosmetic = (op: Op): boolean => cosmetics.has(op)
