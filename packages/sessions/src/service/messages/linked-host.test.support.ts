import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { HostResponse } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import type { RuntimeRouter } from '../port.js'
import { alice, promptEvent, type TestRooms } from '../rooms.test.support.js'
import { createMessages, type Messages, type MessagesDeps } from './index.js'

/** A prompt as the host ran it. */
export type Ran = { sessionId: string; text: string; key: string | undefined; turnId: string }

/**
 * A linked host as messages see it: remembers what it answered to a key, tells turns as events. A prompt runs until `finish`.
 */
export class LinkedHost {
  readonly ran: Ran[] = []
  /** It tells that a turn has begun when `begin` is called, after its answer. */
  isLate = false
  /** Every prompt that arrived, repetitions included. */
  asked = 0
  /** Answers instead of the host while it is set; undefined: the host answers. */
  script: (request: { text: string; key?: string }) => HostResponse | Promise<HostResponse> | undefined =
    () => undefined
  readonly #rooms: TestRooms
  readonly #results = new Map<string, HostResponse>()

  constructor(rooms: TestRooms) {
    this.#rooms = rooms
  }

  readonly router: Pick<RuntimeRouter, 'session'> = {
    session: async (session, { path, body, key }, { signal } = {}) => {
      if (path !== '/prompt') throw new Error(`unexpected ${path}`)
      this.asked++
      // The cast: what messages send.
      const { text } = body as { text: string }
      const given = this.script({ text, ...(key !== undefined && { key }) })
      const scripted = await Promise.race([given, ...(given && signal ? [late(signal)] : [])])
      return scripted ?? this.#prompt(session, text, key)
    },
  }

  texts(): string[] {
    return this.ran.map(({ text }) => text)
  }

  /** Tells that the turn of the newest prompt has begun. */
  async begin(): Promise<void> {
    const { sessionId, text, turnId } = this.ran.at(-1)!
    await this.#rooms.happen(sessionId, promptEvent('request', { prompt: [{ type: 'text', text }] }, turnId))
  }

  /** Ends the turn of the newest prompt. */
  async finish(payload: unknown = { stopReason: 'end_turn' }): Promise<void> {
    const { sessionId, turnId } = this.ran.at(-1)!
    await this.#rooms.happen(sessionId, promptEvent('response', payload, turnId))
  }

  async #prompt(session: SessionRow, text: string, key: string | undefined): Promise<HostResponse> {
    const known = key === undefined ? undefined : this.#results.get(key)
    if (known) return known
    const turnId = `turn-${this.ran.length + 1}`
    this.ran.push({ sessionId: session.id, text, key, turnId })
    const result = { status: 202, body: { accepted: true, turnId } }
    if (key !== undefined) this.#results.set(key, result)
    if (!this.isLate) await this.begin()
    return result
  }
}

/** What the router answers for whoever waits no more. */
const late = (signal: AbortSignal): Promise<HostResponse> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve({ status: 504 }), { once: true }))

/** Messages of a plane on a host; stopped when the test is over. */
export function openMessages(rooms: TestRooms, host: LinkedHost, more: Partial<MessagesDeps> = {}): Messages {
  const messages = createMessages({
    ...rooms,
    router: host.router,
    runtimeNames: ['local', 'docker'],
    prompt: async (session, { text, key }) => {
      await host.router.session(session, { method: 'POST', path: '/prompt', body: { text }, key })
      return { stopReason: 'end_turn' }
    },
    createSession: async () => {
      throw new Error('no session is to be made')
    },
    ...more,
  })
  onTestFinished(rooms.intake.observe(messages.observer))
  onTestFinished(() => messages.stop())
  messages.start()
  return messages
}

/** Waits until the messages of everybody are in these states, oldest first. */
export async function statesAre(rooms: TestRooms, ...states: string[]): Promise<void> {
  await eventually(async () => {
    const found = (await rooms.store.messages.list('all')).map(({ status }) => status)
    return found.join() === states.join()
  })
}

export const say = (messages: Messages, sessionId: string, text: string) =>
  messages.service.enqueue(alice, { text, sessionId }, {})
