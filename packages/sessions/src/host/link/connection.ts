// One link, from the dial to the close.
import type { Clock, Stop } from '@parley/kernel/ids'
import {
  type HostRequest,
  type HostResponse,
  linkCloseCodes,
  linkLimits,
  linkVersion,
  type WelcomeFrame,
} from '../../protocol/index.js'
import type { Spool } from '../spool/index.js'
import { type EventSender, startEventSender } from './event-sender.js'
import { type Heartbeat, startHeartbeat } from './heartbeat.js'
import { type HostIntroduction, helloText } from './hello.js'
import { type Incoming, parseIncoming } from './incoming.js'
import { createOutlet } from './outlet.js'
import { createRequests } from './requests.js'
import { resumePoint, type SpoolExtent } from './resume-point.js'
import type { Dial, LinkSocket } from './socket.js'

export type ConnectionOptions = {
  spool: Spool
  dial: Dial
  clock: Clock
  introduce(): HostIntroduction
  /** Never rejects. */
  answer(request: HostRequest): Promise<HostResponse>
  onWelcome(): void
  /** There may be room for signals again. */
  onRoom(): void
  /** The spool does not fit to what the server has: it needs a new epoch before the next dial. */
  onReset(reason: string): void
  /** Once, and the last. */
  onClosed(code: number, reason: string): void
  report(message: string): void
}

export interface Connection {
  /** True when the signal was sent. */
  signal(text: string): boolean
  /** Says goodbye and closes. */
  leave(reason: string): void
}

const welcomeWithinMs = 15_000
const closeWithinMs = 2_000

export function openConnection(options: ConnectionOptions): Connection {
  const { spool, clock, report } = options
  const stops = new Set<Stop>()
  let said: SpoolExtent | undefined
  let sender: EventSender | undefined
  let heartbeat: Heartbeat | undefined
  let isLeaving = false
  let isUnsupported = false

  // Nothing is told before the dial has returned.
  const socket: LinkSocket = options.dial({
    opened: () => {
      if (isLeaving) return socket.terminate()
      said = { epoch: spool.epoch, n: spool.n, oldest: spool.oldest }
      outlet.send(helloText(options.introduce(), said))
      heartbeat = startHeartbeat({
        clock,
        everyMs: linkLimits.heartbeatMs,
        silentMs: linkLimits.silentMs,
        ping: () => socket.ping(),
        onSilent: () => cutOff('the server is silent'),
      })
      stops.add(heartbeat.stop)
    },
    heard: () => heartbeat?.heard(),
    message: (text) => {
      const frame = parseIncoming(text)
      if (frame) act(frame)
    },
    drained: () => {
      outlet.drained()
      sender?.drained()
      options.onRoom()
    },
    closed: (code, reason) => {
      end()
      options.onClosed(isUnsupported ? linkCloseCodes.versionNotSupported : code, reason)
    },
  })
  const outlet = createOutlet({ socket, clock, onStuck: () => cutOff('the server does not read') })
  stops.add(outlet.stop)
  stops.add(clock.after(welcomeWithinMs, () => sender ?? cutOff('no welcome came')))

  const requests = createRequests({
    clock,
    answer: options.answer,
    written: async () => {
      // One that can't be written ends the host; the answer does not wait for that.
      await spool.synced().catch(() => undefined)
      return spool.n
    },
    send: outlet.send,
  })

  function cutOff(why: string): void {
    report(`link cut off: ${why}`)
    socket.terminate()
  }
  function end(): void {
    isLeaving = true
    for (const stop of stops) stop()
    sender?.stop()
    requests.close()
  }
  function close(code: number, reason: string) {
    if (isLeaving) return
    end()
    socket.close(code, reason)
    clock.after(closeWithinMs, () => socket.terminate())
  }

  function act(frame: Incoming) {
    if (isLeaving) return
    if (frame.type === 'welcome') return welcome(frame)
    if (frame.type === 'reset') return reset(frame.reason)
    if (frame.type === 'bye') return report(`the server says goodbye: ${frame.reason}`)
    // Before the welcome nothing but these is expected.
    if (!sender) return
    switch (frame.type) {
      case 'ack':
        return sender.ack(frame)
      case 'pause':
        return sender.pause()
      case 'resume':
        sender.resume()
        return options.onRoom()
      case 'cancel':
        return requests.cancel(frame.id)
      case 'bad req':
        return requests.refuse(frame.id, 400, 'Invalid request')
      case 'req':
        return requests.take(frame.id, toRequest(frame), frame.timeoutMs)
    }
  }
  function welcome({ v, acked, limits }: WelcomeFrame) {
    if (sender || !said) return
    if (v !== linkVersion) {
      report(`the server speaks version ${String(v)} of the link, this host ${linkVersion}`)
      isUnsupported = true
      return close(1002, 'version not supported')
    }
    const after = resumePoint(said, acked)
    if (after === undefined) return reset('the spool does not fit')
    spool.ack({ epoch: said.epoch, n: after })
    sender = startEventSender({
      spool,
      outlet,
      after,
      limits: {
        unackedEvents: Math.max(1, Math.min(limits.unackedEvents, linkLimits.unackedEvents)),
        unackedBytes: Math.max(1, Math.min(limits.unackedBytes, linkLimits.unackedBytes)),
      },
      onFailure: (error) => cutOff(`the spool can not be read: ${String(error)}`),
    })
    options.onWelcome()
  }
  function reset(reason: string) {
    options.onReset(reason)
    close(1000, 'new epoch')
  }

  return {
    signal: (text) => {
      const isTaken = sender !== undefined && !sender.isPaused && !isLeaving && !outlet.isSlow
      if (isTaken) outlet.send(text)
      return isTaken
    },
    leave: (reason) => {
      if (isLeaving) return
      if (!said) {
        end()
        return socket.terminate()
      }
      socket.send(JSON.stringify({ type: 'bye', reason }))
      close(1000, reason)
    },
  }
}

function toRequest({ method, path, query, headers, body, key }: HostRequest): HostRequest {
  return { method, path, query, headers, body, key }
}
