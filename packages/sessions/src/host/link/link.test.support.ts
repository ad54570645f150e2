import { systemClock } from '@parley/kernel/ids'
import { onTestFinished } from 'vitest'
import type { HostRequest, HostResponse } from '../../protocol/index.js'
import type { Spool } from '../spool/index.js'
import { type Link, type LinkOptions, type LinkRefusal, openLink, wsDial } from './index.js'
import type { LinkSocket, LinkSocketEvents } from './socket.js'

export type TestLink = Link & { refusals: LinkRefusal[]; reports: string[]; changes: boolean[] }

type TestLinkOptions = Partial<LinkOptions> & { spool: Spool; url?: string }

/** A link that dials again after a few milliseconds, and is closed when the test is over. */
export function testLink(options: TestLinkOptions): TestLink {
  const refusals: LinkRefusal[] = []
  const reports: string[] = []
  const changes: boolean[] = []
  const link = openLink({
    dial: wsDial({ url: options.url ?? '', token: () => 'secret-token' }),
    clock: systemClock,
    random: () => 0.5,
    backOff: { firstMs: 2, maxMs: 10 },
    introduce: () => ({ hostId: 'h1', name: 'laptop', sessions: [] }),
    answer: echo,
    onChange: (isUp) => void changes.push(isUp),
    onRefused: (refusal) => void refusals.push(refusal),
    report: (message) => void reports.push(message),
    ...options,
  })
  onTestFinished(() => link.close('test over'))
  return Object.assign(Object.create(link) as Link, { refusals, reports, changes })
}

/** Answers with the path. */
export const echo = (request: HostRequest): Promise<HostResponse> =>
  Promise.resolve({ status: 200, body: { path: request.path } })

/** A socket that the test plays the other side of. */
export type FakeSocket = LinkSocket & {
  events: LinkSocketEvents
  sent: unknown[]
  closed: { code: number; reason: string }[]
  pings: number
  isTerminated: boolean
  bufferedBytes: number
}

/** Dials that end at the test. */
export function fakeDial(): { dial(events: LinkSocketEvents): LinkSocket; sockets: FakeSocket[] } {
  const sockets: FakeSocket[] = []
  const dial = (events: LinkSocketEvents) => {
    const socket: FakeSocket = {
      events,
      sent: [],
      closed: [],
      pings: 0,
      isTerminated: false,
      bufferedBytes: 0,
      send: (frame) => void socket.sent.push(JSON.parse(frame.toString())),
      ping: () => void socket.pings++,
      close: (code, reason) => {
        socket.closed.push({ code, reason })
        queueMicrotask(() => events.closed(code, reason))
      },
      terminate: () => {
        if (socket.isTerminated) return
        socket.isTerminated = true
        events.closed(1006, '')
      },
    }
    sockets.push(socket)
    return socket
  }
  return { dial, sockets }
}

/** Opens the socket and welcomes the host at a position. */
export function welcome(socket: FakeSocket, acked: { epoch: string; n: number }, more: object = {}): void {
  socket.events.opened()
  const limits = { frameBytes: 1_048_576, unackedEvents: 2_000, unackedBytes: 8_388_608 }
  const frame = { type: 'welcome', v: 1, linkId: 'l', acked, heartbeatSeconds: 15, limits, time: '' }
  socket.events.message(JSON.stringify({ ...frame, ...more }))
}
