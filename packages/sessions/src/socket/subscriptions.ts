import type { Principal } from '@parley/kernel/principal'
import { visibleTenantKeys } from '@parley/kernel/principal'
import type { Connection } from '@parley/kernel/socket'
import { closeCodes } from '../close-codes.js'
import { type Channel, type ParsedChannel, parseChannel } from '../protocol/index.js'
import { lifecycleFrame } from '../protocol/ws/frames.js'
import type { LifecycleSignal } from '../service/intake/lifecycle.js'
import type { SocketDeps } from './deps.js'
import { errorText } from './errors.js'
import type { Listener } from './everything.js'
import { type PartContext, SessionPart } from './session-part.js'
import { TerminalsPart } from './terminals-part.js'

const maxHidden = 10_000
const maxLeft = 10_000

/** What one connection is subscribed to. */
export class Subscriptions implements Listener {
  readonly #deps: SocketDeps
  readonly #connection: Connection
  readonly #by: Principal
  readonly #channels = new Set<Channel>()
  readonly #parts = new Map<string, SessionPart>()
  /** Sessions that the connection may not see, so that they are not looked up for each of their events. */
  readonly #hidden = new Set<string>()
  /** Sessions that are over and up to where they were sent: a hint may come after all that it tells of. */
  readonly #left = new Map<string, number>()
  readonly #terminals: TerminalsPart
  readonly #context: PartContext
  readonly #tenantKeys: ReadonlySet<string>

  constructor(
    deps: SocketDeps,
    connection: Connection,
    { by, instance }: { by: Principal; instance: string },
  ) {
    this.#deps = deps
    this.#connection = connection
    this.#by = by
    this.#tenantKeys = new Set(visibleTenantKeys(by.tenant))
    this.#context = this.#toContext()
    this.#terminals = new TerminalsPart({
      terminals: deps.service.terminals,
      instance,
      connection,
      by,
      refused: (channel, error) => this.#refused(channel, error),
      tooFast: () => this.#tooFast(),
      onFault: deps.fault,
    })
    deps.everything.add(this)
    connection.onClose(() => this.#close())
  }

  /** True while it is subscribed to `agents`. */
  get hasEverything(): boolean {
    return this.#channels.has('agents')
  }

  /** The channels it has. */
  get channels(): ReadonlySet<Channel> {
    return this.#channels
  }

  subscribe(channel: Channel, since: number): void {
    const parsed = parseChannel(channel)
    const { subscriptions } = this.#deps.options.limits
    const isOneTooMany = !this.#channels.has(channel) && this.#channels.size >= subscriptions
    if (!parsed) this.#sendError('Unknown channel', channel)
    else if (isOneTooMany) this.#sendError(`Max subscriptions (${subscriptions}) exceeded`, channel)
    else this.#open(channel, parsed, since)
  }

  #open(channel: Channel, parsed: ParsedChannel, since: number): void {
    this.#channels.add(channel)
    if (parsed.of === 'terminals') this.#terminals.subscribe(channel, since)
    else if (parsed.of === 'agents') this.#subscribeToEverything()
    else this.#openPart(parsed.sessionId).subscribe(channel, since)
  }

  unsubscribe(channel: Channel): void {
    const isKnown = this.#channels.delete(channel)
    const parsed = parseChannel(channel)
    const left = isKnown && parsed ? this.#leave(channel, parsed) : Promise.resolve()
    // Nothing of the channel comes after it.
    void left.then(() => this.#send({ type: 'unsubscribed', channel }))
  }

  /** An event of a session was stored. */
  heard(sessionId: string, seq: number): void {
    const part = this.#parts.get(sessionId)
    if (part) part.appear()
    else this.#follow(sessionId, seq)
  }

  /** Sends what is new of a session that the connection has no place in. */
  #follow(sessionId: string, seq: number): void {
    const sent = this.#left.get(sessionId)
    if (!this.hasEverything || this.#hidden.has(sessionId) || (sent !== undefined && seq <= sent)) return
    this.#openPart(sessionId).follow(sent ?? seq - 1)
  }

  /** A session was announced. */
  announced({ lifecycle, sessionId, tenantKey }: LifecycleSignal): void {
    if (lifecycle !== 'session.created' || !this.#tenantKeys.has(tenantKey)) return
    const part = this.#parts.get(sessionId)
    if (part) part.created()
    else if (this.hasEverything) this.#connection.send(lifecycleFrame('session.created', sessionId))
  }

  /** The last event of a session was sent to somebody. */
  ended(sessionId: string): void {
    this.#parts.get(sessionId)?.ended()
  }

  #subscribeToEverything(): void {
    this.#deps.everything.want(this)
    for (const part of this.#parts.values()) part.follow()
    this.#send({ type: 'subscribed', channel: 'agents' })
  }

  async #leave(channel: Channel, parsed: ParsedChannel): Promise<void> {
    if (parsed.of === 'terminals') return this.#terminals.unsubscribe(channel)
    if (parsed.of !== 'agents') return this.#parts.get(parsed.sessionId)?.unsubscribe(channel)
    this.#deps.everything.forgo(this)
    this.#hidden.clear()
    this.#left.clear()
    await Promise.all([...this.#parts.values()].map((part) => part.unsubscribe(channel)))
  }

  #openPart(sessionId: string): SessionPart {
    const known = this.#parts.get(sessionId)
    if (known) return known
    const part = new SessionPart(sessionId, this.#context)
    this.#parts.set(sessionId, part)
    return part
  }

  #toContext(): PartContext {
    const { service, ground, feed, frames, fault } = this.#deps
    return {
      service,
      log: ground.log,
      feed,
      frames,
      connection: this.#connection,
      by: this.#by,
      hasEverything: () => this.hasEverything,
      done: (part, cursor) => {
        const { sessionId } = part
        if (this.#parts.get(sessionId) !== part) return
        this.#parts.delete(sessionId)
        if (cursor === undefined || !this.hasEverything) return
        if (this.#left.size >= maxLeft) this.#left.clear()
        this.#left.set(sessionId, cursor)
      },
      tooFast: () => this.#tooFast(),
      isHidden: ({ sessionId }) => {
        if (this.#hidden.size >= maxHidden) this.#hidden.clear()
        this.#hidden.add(sessionId)
      },
      onFault: (error) => {
        fault(error)
        // A part that failed is not where it says: the client comes back and goes on with `since`.
        this.#connection.close(closeCodes.internal)
      },
    }
  }

  #tooFast(): void {
    this.#connection.close(closeCodes.tryLater, 'too many messages')
  }

  #refused(channel: Channel, error: unknown): void {
    this.#channels.delete(channel)
    this.#sendError(errorText(error, this.#deps.fault), channel)
  }

  #close(): void {
    this.#deps.everything.remove(this)
    this.#terminals.stop()
    this.#parts.clear()
  }

  #sendError(message: string, channel: Channel): void {
    this.#send({ type: 'error', message, channel })
  }

  #send(message: object): void {
    this.#connection.send(JSON.stringify(message))
  }
}
