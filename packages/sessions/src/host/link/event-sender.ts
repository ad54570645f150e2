// Sends events of the spool on one link, from the last acknowledged on, as fast as the window and the socket allow.
import type { SpoolPosition } from '../../protocol/index.js'
import type { Spool } from '../spool/index.js'
import type { Outlet } from './outlet.js'
import { createUnackedWindow, type WindowLimits } from './unacked-window.js'

export interface EventSender {
  ack(position: SpoolPosition): void
  pause(): void
  resume(): void
  /** The socket has taken what it was given. */
  drained(): void
  readonly isPaused: boolean
  stop(): void
}

export type EventSenderOptions = {
  spool: Spool
  outlet: Outlet
  /** The last number that the server has. */
  after: number
  limits: WindowLimits
  onFailure(error: unknown): void
}

const pageBytes = 256 * 1024

export function startEventSender(options: EventSenderOptions): EventSender {
  const { spool, outlet, after } = options
  const epoch = spool.epoch
  const reader = spool.read(after)
  const window = createUnackedWindow(options.limits)
  let page: Awaited<ReturnType<typeof reader.next>> = []
  let at = 0
  let sent = after
  let state: 'going' | 'paused' | 'stopped' = 'going'
  let isCaughtUp = false
  let isRunning = false
  let isWoken = false

  const maySend = () => state === 'going' && !window.isFull && !outlet.isCongested
  const sendPage = () => {
    for (; at < page.length && maySend(); at++) {
      const { n, frame } = page[at]!
      outlet.send(frame)
      window.sent(n, frame.length)
      sent = n
    }
    return at === page.length
  }
  const catchUp = () => {
    if (isCaughtUp || sent < spool.n || !maySend()) return
    isCaughtUp = true
    outlet.send(JSON.stringify({ type: 'caughtUp', epoch, n: sent }))
  }
  const run = async () => {
    while (maySend() && spool.epoch === epoch) {
      if (!sendPage()) return
      page = await reader.next(pageBytes)
      at = 0
      if (page.length === 0) return catchUp()
    }
  }
  const wake = () => {
    isWoken = true
    if (!isRunning) void runWhileWoken()
  }
  const runWhileWoken = async () => {
    isRunning = true
    while (isWoken) {
      // What comes while it runs wakes it again.
      isWoken = false
      await run().catch(fail)
    }
    isRunning = false
  }
  const fail = (error: unknown) => {
    state = 'stopped'
    options.onFailure(error)
  }

  const stopListening = spool.onSynced(wake)
  wake()
  return {
    ack: (position) => {
      if (position.epoch !== epoch || position.n > sent) return
      window.acked(position.n)
      spool.ack(position)
      wake()
    },
    pause: () => {
      if (state === 'going') state = 'paused'
    },
    resume: () => {
      if (state === 'paused') state = 'going'
      wake()
    },
    drained: wake,
    get isPaused() {
      return state !== 'going'
    },
    stop: () => {
      state = 'stopped'
      stopListening()
    },
  }
}
