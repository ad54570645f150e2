import { strict as assert } from 'node:assert'
import type { GatewayEvidence, WireEvent } from './evidence.js'

type Of<Kind extends WireEvent['kind']> = Extract<WireEvent, { kind: Kind }>

/** What one gateway was sent: each entry the same each time, once on a connection, and never after it was settled. */
export function assertWire({ instanceId, wire, pending, dropped }: GatewayEvidence): void {
  const book = new Book(instanceId)
  for (const event of wire) book.take(event)
  book.end()
  assert.equal(pending, 0, `${instanceId}: ${pending} entries are left`)
  assert.equal(dropped, 0, `${instanceId}: ${dropped} entries were dropped`)
}

/** What an entry is known by, and how far it has come. */
type Entry = { frame: string; times: Map<number, number>; isAcked: boolean; isSettled: boolean }

class Book {
  readonly #who: string
  readonly #entries = new Map<string, Entry>()
  /** Entries by the message that they bring. */
  readonly #bufferIds = new Map<string, string>()
  /** Since when a connection may be given what waits, and when an entry was seen to be settled: numbers of events. */
  readonly #since = new Map<number, number>()
  readonly #settled = new Map<string, number>()
  /** How often a connection may be given one entry. */
  readonly #chances = new Map<number, number>()
  readonly #open = new Set<number>()
  readonly #idle = new Set<number>()
  #events = 0

  constructor(who: string) {
    this.#who = who
  }

  take(event: WireEvent): void {
    this.#events += 1
    switch (event.kind) {
      case 'dialled':
        this.#since.set(event.socket, this.#events)
        // When that one is lost, each older one that is still there may get once more what is not settled.
        for (const [socket, chances] of this.#chances) this.#chances.set(socket, chances + 1)
        this.#chances.set(event.socket, 1)
        break
      case 'open':
        this.#open.add(event.socket)
        break
      case 'tired':
        // Quiet that can't be granted is undone: what is not settled comes again.
        this.#since.set(event.socket, this.#events)
        this.#chances.set(event.socket, this.#chancesOf(event.socket) + 1)
        break
      case 'idle':
        this.#idle.add(event.socket)
        break
      case 'inbound':
        this.#inbound(event)
        break
      case 'ack':
        this.#ack(event)
        break
      case 'settled':
        this.#settle(event)
        break
      case 'closed':
        assert(event.code < 4_400 || event.code > 4_499, `${this.#who}: was closed with ${event.code}`)
        break
      case 'repeated':
        assert.fail(`${this.#who}: ${event.messageId} was handed to the agent twice in one life`)
    }
  }

  end(): void {
    for (const [bufferId, { isAcked, isSettled }] of this.#entries) {
      assert(isAcked, `${this.#who}: ${bufferId} was never acknowledged`)
      assert(isSettled, `${this.#who}: ${bufferId} was never settled`)
    }
  }

  #inbound({ socket, bufferId, frame, message }: Of<'inbound'>): void {
    const what = `${this.#who}: ${bufferId} (${message.messageId})`
    assert(!this.#idle.has(socket), `${what} came on a connection that was idle`)
    assert(this.#open.has(socket), `${what} came before the first descriptor`)
    const [settledAt, since] = [this.#settled.get(bufferId), this.#since.get(socket)!]
    assert(settledAt === undefined || settledAt > since, `${what} came again after it was settled`)
    const entry = this.#entries.get(bufferId) ?? newEntry(frame)
    const times = (entry.times.get(socket) ?? 0) + 1
    assert(times <= this.#chancesOf(socket), `${what} came ${times} times on one connection`)
    assert.equal(frame, entry.frame, `${what} came in other bytes`)
    const name = JSON.stringify([message.platform, message.chatId, message.messageId])
    const known = this.#bufferIds.get(name)
    assert(known === undefined || known === bufferId, `${what} is there a second time, as ${known}`)
    this.#bufferIds.set(name, bufferId)
    entry.times.set(socket, times)
    this.#entries.set(bufferId, entry)
  }

  #chancesOf(socket: number): number {
    return this.#chances.get(socket) ?? 0
  }

  #ack({ bufferId }: Of<'ack'>): void {
    const entry = this.#entries.get(bufferId)
    assert(entry, `${this.#who}: ${bufferId} was acknowledged and never came`)
    entry.isAcked = true
  }

  #settle({ bufferId }: Of<'settled'>): void {
    const entry = this.#entries.get(bufferId)
    assert(entry?.isAcked, `${this.#who}: ${bufferId} was settled and never acknowledged`)
    entry.isSettled = true
    this.#settled.set(bufferId, this.#events)
  }
}

const newEntry = (frame: string): Entry => ({ frame, times: new Map(), isAcked: false, isSettled: false })
