// Sends waiting messages of sessions, one per turn (section 5.3): one drain of a session at a time, on whichever node.

import { isParleyError } from '@parley/kernel/errors'
import type { Lease } from '@parley/kernel/leases'
import type { MessageRow, SessionRow } from '../../store/port.js'
import { headOf, lookBack, turnEnd } from '../prompts/turn.js'
import { entitle } from '../titles.js'
import { type MessagesDeps, promptKey } from './deps.js'
import { Pauses } from './pauses.js'
import { type Submitted, submitPrompt, turnIsSeen } from './submit.js'

const seenWithinMs = 30_000

export class Drains {
  readonly #deps: MessagesDeps
  readonly #pauses: Pauses
  /** Sessions that are drained here now; true: look again afterwards. */
  readonly #running = new Map<string, boolean>()
  /** Sessions whose host is waited for. */
  readonly #awaited = new Set<string>()
  readonly #flights = new Set<Promise<void>>()
  readonly #stopping = new AbortController()

  constructor(deps: MessagesDeps) {
    this.#deps = deps
    this.#pauses = new Pauses(deps.ground.clock, (sessionId) => this.wake(sessionId))
  }

  /** Looks whether a session takes its next message. Never throws. */
  wake(sessionId: string): void {
    if (this.#stopping.signal.aborted || this.#pauses.has(sessionId)) return
    if (this.#running.has(sessionId)) {
      this.#running.set(sessionId, true)
      return
    }
    this.#running.set(sessionId, false)
    const flight = this.#run(sessionId)
      .catch((error) => {
        this.#deps.onFault(error, 'sessions.messages')
        this.#pauses.begin(sessionId)
      })
      .finally(() => {
        this.#flights.delete(flight)
        const isWanted = this.#running.get(sessionId) === true
        this.#running.delete(sessionId)
        if (isWanted) this.wake(sessionId)
      })
    this.#flights.add(flight)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#pauses.clear()
    await Promise.all(this.#flights)
  }

  async #run(sessionId: string): Promise<void> {
    const { store, ground } = this.#deps
    if (!(await store.messages.next(sessionId)) && !(await this.#orphan(sessionId))) return
    await using lease = await ground.leases.tryAcquire(`sessions.messages:${sessionId}`)
    if (!lease) return
    while (!this.#stopping.signal.aborted && (await this.#sendNext(sessionId, lease)));
  }

  /** One that somebody was sending when its node ended; under the lease nobody else is. */
  async #orphan(sessionId: string): Promise<MessageRow | undefined> {
    return (await this.#deps.store.messages.listSending()).find((one) => one.sessionId === sessionId)
  }

  /** True when one was sent: there may be another. */
  async #sendNext(sessionId: string, lease: Lease): Promise<boolean> {
    const { store, ground } = this.#deps
    const session = await store.sessions.find(sessionId)
    if (session?.status !== 'active') return false
    const orphan = await this.#orphan(sessionId)
    if (orphan) return this.#resend(session, orphan)
    if (!(await this.#isFree(session))) return false
    const message = await store.messages.next(sessionId)
    if (!message) return false
    const claim = store.messages.change(message.id, { status: 'sending', sentAt: null }, ['pending'])
    const { outcome } = await ground.log.commit({ ops: [lease.guard(), claim], appends: [] })
    return outcome === 'committed' && this.#send(session, message)
  }

  async #isFree({ id, processing, queue }: SessionRow): Promise<boolean> {
    if (processing || (queue !== null && queue.items.length > 0)) return false
    return (await this.#deps.store.permissions.listOpen([id])).length === 0
  }

  /** A host that knows keys runs it once. Of any other nobody knows whether it got it: then it is not sent twice. */
  async #resend(session: SessionRow, message: MessageRow): Promise<boolean> {
    if (session.hostId !== null) return this.#send(session, message)
    await this.#settle(message, 'sent')
    return true
  }

  async #send(session: SessionRow, message: MessageRow): Promise<boolean> {
    const { ground } = this.#deps
    const { signal } = this.#stopping
    const after = await headOf(ground.log, session.id)
    const key = this.#pauses.keyOf(session.id, promptKey(message.id))
    const submitted = await submitPrompt(this.#deps, session, { text: message.text, key, signal })
    // It stays in flight: the next start takes it up.
    if (signal.aborted && submitted.outcome !== 'sent') return false
    if (submitted.outcome === 'refused' || submitted.outcome === 'unsent')
      return this.#failed(session, message, submitted)
    this.#pauses.end(session.id)
    await entitle(this.#deps, session, message.text)
    if (submitted.outcome === 'sent' && submitted.turnId !== undefined) {
      await this.#seen(session.id, submitted.turnId, after)
      if (!submitted.isQueued && !(await this.#over(session.id, submitted.turnId, after))) return false
    }
    await this.#settle(message, 'sent')
    return true
  }

  /** Waits for the end of the turn, well or not; false when the plane stops before: the next start takes it up. */
  async #over(sessionId: string, turnId: string, after: number): Promise<boolean> {
    const { ground, store } = this.#deps
    const { signal } = this.#stopping
    // One that was taken up may have ended long ago.
    if (!(await store.sessions.find(sessionId))?.processing) return true
    try {
      await turnEnd(ground.log, sessionId, { turnId, after: Math.max(0, after - lookBack), signal })
    } catch (error) {
      if (signal.aborted) return false
      if (!isParleyError(error)) throw error
    }
    return true
  }

  async #failed(session: SessionRow, message: MessageRow, { outcome }: Submitted): Promise<false> {
    await this.#settle(message, 'pending')
    this.#pauses.begin(session.id, { isRefused: outcome === 'refused' })
    this.#awaitHost(session)
    return false
  }

  /** A host that is away is not asked again and again: what waits goes on when it is back and has told everything. */
  #awaitHost({ id, hostId }: SessionRow): void {
    const { links, onFault } = this.#deps
    const { signal } = this.#stopping
    if (!links || hostId === null || this.#awaited.has(id)) return
    this.#awaited.add(id)
    const back = async (): Promise<void> => {
      if (await links.isConnected(hostId)) return
      await links.connected(hostId, signal)
      this.#pauses.end(id)
      this.wake(id)
    }
    const flight = back()
      .catch((error) => signal.aborted || onFault(error, 'sessions.messages'))
      .then(() => {
        this.#flights.delete(flight)
        this.#awaited.delete(id)
      })
    this.#flights.add(flight)
  }

  async #seen(sessionId: string, turnId: string, after: number): Promise<void> {
    const { ground } = this.#deps
    const late = new AbortController()
    const stopTimer = ground.clock.after(seenWithinMs, () => late.abort())
    const signal = AbortSignal.any([late.signal, this.#stopping.signal])
    await turnIsSeen(ground.log, sessionId, { turnId, after, signal }).catch((error) => {
      if (!signal.aborted) throw error
    })
    stopTimer()
  }

  async #settle({ id }: MessageRow, status: 'sent' | 'pending'): Promise<void> {
    const { ground, store } = this.#deps
    const sentAt = status === 'sent' ? ground.clock.micros() : null
    // A refusal means that it was removed, or sent by hand, meanwhile.
    await ground.log.commit({
      ops: [store.messages.change(id, { status, sentAt }, ['sending'])],
      appends: [],
    })
  }
}
