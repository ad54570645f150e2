// One link of a host, from its authentication to its close (sections 13.2 to 13.6).
import type { Stop } from '@parley/kernel/ids'
import type { Lease } from '@parley/kernel/leases'
import {
  type HelloFrame,
  type HostRequest,
  type HostResponse,
  linkLimits,
  type SpoolPosition,
} from '../../protocol/index.js'
import type { HostRow } from '../../store/port.js'
import { Calls } from './calls.js'
import { ends, type LinkEnd } from './ends.js'
import { type HostFrame, parseFrame } from './frames.js'
import { Inlet, type InletOptions } from './inlet.js'
import type { LinkSocket } from './link-socket.js'
import { type CallOptions, type lost, OpenRequests } from './open-requests.js'
import type { Owning } from './owners.js'
import type { HostsDeps } from './parts.js'
import type { Refusals } from './refusals.js'
import { resumeAt } from './resume.js'
import { compareSessions, endSessions, type Roster, tellLoss } from './roster.js'
import { passOn } from './signals.js'
import { storeEvents } from './store-events.js'
import { welcomeText } from './welcome.js'

export type LinkOptions = {
  deps: HostsDeps
  socket: LinkSocket
  /** Whose token it came with. */
  host: Pick<HostRow, 'id'>
  refusals: Refusals
  claim(link: HostLink): Promise<Lease | undefined>
  /** Called once, when nothing is under way any more. */
  ended(link: HostLink): Promise<void>
  /** It came up, or its spool has been taken in. */
  changed(): void
  /** As in `LinkTerms`. */
  eventsPerSecond?: number
}

/** What a link has once it is up. */
type Live = { lease: Lease; inlet: Inlet; calls: Calls; roster: Roster; hello: HelloFrame }

export class HostLink implements Owning {
  readonly hostId: string
  readonly #options: LinkOptions
  readonly #deps: HostsDeps
  readonly #socket: LinkSocket
  readonly #requests: OpenRequests
  readonly #ended: Promise<void>
  #tellEnded: () => void = () => {}
  #stopWaiting: Stop
  #hasSaidHello = false
  #live: Live | undefined
  #isClosed = false
  #isCaughtUp = false
  #isFinishing = false

  constructor(options: LinkOptions) {
    const { deps, socket, host } = options
    this.#options = options
    this.#deps = deps
    this.#socket = socket
    this.hostId = host.id
    this.#requests = new OpenRequests({
      clock: deps.ground.clock,
      send: (text) => socket.send(text),
      stored: async (n) => await this.#live?.inlet.reached(n),
    })
    this.#ended = new Promise((resolve) => (this.#tellEnded = resolve))
    this.#stopWaiting = deps.ground.clock.after(linkLimits.helloWithinMs, () =>
      this.#close(ends.helloTimeout),
    )
    socket.onClose(() => void this.#finish())
    socket.onMessage((text) => this.#hearSafely(text))
  }

  get isUp(): boolean {
    return this.#live !== undefined && !this.#isClosed
  }

  /** Everything that the host had when it came is stored. */
  get isCaughtUp(): boolean {
    return this.isUp && this.#isCaughtUp
  }

  call(request: HostRequest, options: CallOptions): Promise<HostResponse | typeof lost> {
    return this.#requests.call(request, options)
  }

  /** Sends the calls that wait for this host. */
  deliver(): void {
    if (this.isUp) this.#live?.calls.deliver()
  }

  async end(why: LinkEnd): Promise<void> {
    this.#close(why)
    await this.#ended
  }

  /** Resolves when it is closed and nothing is under way. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** Whatever a host sends ends its own link at most, and not the server. */
  #hearSafely(text: string): void {
    try {
      this.#hear(text)
    } catch (error) {
      this.#deps.onFault(error, 'sessions.link')
      this.#close(ends.policy)
    }
  }

  #hear(text: string): void {
    if (this.#isClosed) return
    const most = this.#hasSaidHello ? linkLimits.frameBytes : linkLimits.helloBytes
    const bytes = text.length * 3 <= most ? text.length : Buffer.byteLength(text)
    if (bytes > most) return void this.#close(ends.frameTooLarge)
    const frame = parseFrame(text)
    if (!frame) return void this.#close(ends.policy)
    if (this.#hasSaidHello) this.#act(frame, bytes)
    else this.#greet(frame)
  }

  #greet(frame: HostFrame): void {
    if (frame.type === 'wrong version') return void this.#close(ends.versionNotSupported)
    if (frame.type !== 'hello') return void (frame.type === 'other' || this.#close(ends.policy))
    if (frame.hostId !== this.hostId) return void this.#close(ends.unauthorized)
    this.#hasSaidHello = true
    this.#stopWaiting()
    this.#open(frame).catch((error: unknown) => {
      this.#deps.onFault(error, 'sessions.link')
      this.#close(ends.tryLater)
    })
  }

  async #open(hello: HelloFrame): Promise<void> {
    const { store, ground } = this.#deps
    const lease = await this.#options.claim(this)
    if (!lease || this.#isClosed) return this.#close(ends.tryLater)
    lease.lost.addEventListener('abort', () => this.#close(ends.tryLater), { once: true })
    const [row, roster] = await Promise.all([
      store.hosts.find(this.hostId),
      compareSessions(this.#deps, this.hostId, hello.sessions),
    ])
    if (!row) return this.#close(ends.revoked)
    const resume = resumeAt(row.acked, hello)
    if (resume.kind === 'reset') {
      if (resume.hasLost) await tellLoss(this.#deps, [...roster.own])
      // The host closes, numbers its events anew and dials again.
      this.#stopWaiting = ground.clock.after(linkLimits.helloWithinMs, () => this.#close(ends.tryLater))
      return this.#socket.send(JSON.stringify({ type: 'reset', reason: resume.reason }))
    }
    const { acked, isNewEpoch } = resume
    const ops = [lease.guard(), store.hosts.setLost(this.hostId, null)]
    if (isNewEpoch) ops.push(store.hosts.advance(this.hostId, row.acked, acked))
    const { outcome } = await ground.log.commit({ ops, appends: [] })
    if (outcome !== 'committed' || this.#isClosed) return this.#close(ends.tryLater)
    this.#goLive({ lease, roster, hello }, acked)
  }

  #goLive(parts: Omit<Live, 'inlet' | 'calls'>, position: SpoolPosition): void {
    const { clock, ids } = this.#deps.ground
    const live: Live = { ...parts, inlet: new Inlet(this.#inlet(position, parts)), calls: this.#calls() }
    this.#live = live
    this.#socket.send(welcomeText({ linkId: ids.next('link'), acked: position, now: clock.now() }))
    for (const sessionId of parts.roster.strangers) this.#terminate(sessionId)
    live.calls.deliver()
    this.#options.changed()
    this.#noteStored(live, position)
  }

  #inlet(position: SpoolPosition, parts: Omit<Live, 'inlet' | 'calls'>): InletOptions {
    const { refusals } = this.#options
    const source = { hostId: this.hostId, lease: parts.lease, own: parts.roster.own, refusals }
    const say = (frame: object) => this.#socket.send(JSON.stringify(frame))
    return {
      clock: this.#deps.ground.clock,
      position,
      eventsPerSecond: this.#options.eventsPerSecond,
      store: (events, from) => storeEvents(this.#deps, source, events, from),
      stored: (to) => {
        say({ type: 'ack', ...to })
        if (this.#live) this.#noteStored(this.#live, to)
      },
      pause: () => say({ type: 'pause' }),
      resume: () => say({ type: 'resume' }),
      failed: (why) => this.#failed(why),
    }
  }

  #failed(why: Parameters<InletOptions['failed']>[0]): void {
    if (typeof why === 'object') this.#deps.onFault(why.fault, 'sessions.link')
    if (why === 'gap') return void this.#close(ends.gap)
    if (why === 'foreign') return void this.#close(ends.notYourSession)
    this.#close(why === 'flood' ? ends.policy : ends.tryLater)
  }

  #calls(): Calls {
    const { ground, store, onFault } = this.#deps
    return new Calls({
      clock: ground.clock,
      list: () => store.calls.list(this.hostId),
      remove: async (key) => void (await ground.log.commit({ ops: [store.calls.remove(key)], appends: [] })),
      call: (request, options) => this.call(request, options),
      onFault: (error) => onFault(error, 'sessions.link'),
    })
  }

  /** The host has a session that ended here, or that is not its own. */
  #terminate(sessionId: string): void {
    const path = `/sessions/${encodeURIComponent(sessionId)}/terminate`
    const request = { method: 'POST', path, key: this.#deps.ground.ids.next('terminate') }
    void this.call(request, { timeoutMs: linkLimits.requestWithinMs })
  }

  #act(frame: HostFrame, bytes: number): void {
    const live = this.#live
    if (!live) return
    switch (frame.type) {
      case 'event':
        return void live.inlet.push(frame, bytes)
      case 'res':
        return void this.#requests.answered(frame)
      case 'signal':
        return void passOn(this.#deps.ground.log, this.hostId, (id) => live.roster.own.has(id), frame)
      case 'req':
        // Everything that hosts of ours tell is an event.
        return void this.#socket.send(
          JSON.stringify({ type: 'res', id: frame.id, status: 404, body: { error: 'Not found' } }),
        )
    }
  }

  /** What the host had when it came is in: now it can be told what is missing. */
  #noteStored({ hello, roster, lease }: Live, { n }: SpoolPosition): void {
    if (this.#isCaughtUp || n < hello.n) return
    this.#isCaughtUp = true
    endSessions(this.#deps, roster.missing, 'host no longer has this session', [lease.guard()])
      .catch((error: unknown) => this.#deps.onFault(error, 'sessions.link'))
      .finally(() => this.#options.changed())
  }

  #close([code, reason]: LinkEnd): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket.close(code, reason)
    void this.#finish()
  }

  async #finish(): Promise<void> {
    this.#isClosed = true
    if (this.#isFinishing) return
    this.#isFinishing = true
    this.#stopWaiting()
    this.#live?.calls.close()
    this.#requests.close()
    await this.#live?.inlet.close()
    this.#tellEnded()
    await this.#options.ended(this)
  }
}
