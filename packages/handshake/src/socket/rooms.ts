import type { Stop } from '@parley/kernel/ids'
import type { StoredEvent } from '@parley/kernel/log'
import type { Connection } from '@parley/kernel/socket'
import { closeCodes } from '../close-codes.js'
import { frameTexts } from '../protocol/index.js'
import type { HandshakeDeps } from '../service/deps.js'
import { streamOf } from '../service/events.js'
import type { HandshakeState } from '../service/state.js'
import { secondsLeft } from '../service/state.js'
import { expire } from '../service/sweep.js'

/** A socket in a room. A watching one loses its credential when the handshake is claimed. */
export type Member = { connection: Connection; isBrowser: boolean }

/** `members`: with the claim that they were admitted under. */
type Room = { members: Map<Member, string | undefined>; untap: Stop; stopTimer: Stop }

/** Ends the sockets of handshakes that end, on whichever node that happened, and those whose credential is void. */
export class Rooms {
  readonly #deps: HandshakeDeps
  readonly #rooms = new Map<string, Room>()

  constructor(deps: HandshakeDeps) {
    this.#deps = deps
  }

  /** Adds a socket, admitted by `state`, until it closes. */
  enter(state: HandshakeState, member: Member): void {
    const { id } = state.row
    const room = this.#rooms.get(id) ?? this.#open(id)
    const claimId = state.row.claim?.claimId
    room.members.set(member, claimId)
    member.connection.onClose(() => {
      room.members.delete(member)
      if (room.members.size === 0 && this.#rooms.get(id) === room) this.#close(id, room)
    })
    this.#confirmSoon(id, member, claimId)
  }

  /** Sockets of a handshake on this node. */
  size(id: string): number {
    return this.#rooms.get(id)?.members.size ?? 0
  }

  stop(): void {
    for (const [id, room] of this.#rooms) this.#close(id, room)
  }

  #open(id: string): Room {
    const untap = this.#deps.ground.log.tap(streamOf(id), {
      events: (events) => {
        for (const event of events) this.#take(id, event)
      },
      missed: () => {
        for (const [member, claimId] of room.members) this.#confirmSoon(id, member, claimId)
      },
      gone: () => this.#end(id, frameTexts.expired),
    })
    const room: Room = { members: new Map(), untap, stopTimer: () => {} }
    this.#rooms.set(id, room)
    this.#watch(id, room)
    return room
  }

  #close(id: string, room: Room): void {
    room.untap()
    room.stopTimer()
    this.#rooms.delete(id)
  }

  #confirmSoon(id: string, member: Member, claimId: string | undefined): void {
    this.#confirm(id, member, claimId).catch((error) => this.#deps.onFault(error, 'handshake.socket'))
  }

  // WHY: what happened after the socket was admitted and before the room listened, nobody would tell it.
  async #confirm(id: string, member: Member, claimId: string | undefined): Promise<void> {
    const { states } = this.#deps
    const state = await states.locked(id, () => states.get(id))
    if (!state || state.row.endedAt !== null)
      refuse(member.connection, state?.row.endReason === 'revoked' ? frameTexts.revoked : frameTexts.expired)
    else if (!member.isBrowser && state.row.claim?.claimId !== claimId)
      refuse(member.connection, frameTexts.invalidToken)
  }

  #take(id: string, { type }: StoredEvent): void {
    if (type === 'handshake.revoked') this.#end(id, frameTexts.revoked)
    if (type === 'handshake.expired') this.#end(id, frameTexts.expired)
    if (type === 'handshake.claimed') this.#end(id, frameTexts.invalidToken, (member) => !member.isBrowser)
  }

  #end(id: string, msg: string, isMeant: (member: Member) => boolean = () => true): void {
    for (const member of this.#rooms.get(id)?.members.keys() ?? [])
      if (isMeant(member)) refuse(member.connection, msg)
  }

  /** Looks again when the handshake should be over: it may have been touched or extended meanwhile. */
  #watch(id: string, room: Room): void {
    const { clock } = this.#deps.ground
    const state = this.#deps.states.peek(id)
    const waitMs = state ? (secondsLeft(state.row, clock.micros()) + 1) * 1000 : 1000
    // A timer holds at most 24.8 days.
    room.stopTimer = clock.after(Math.min(waitMs, 2 ** 31 - 1), () => {
      this.#look(id, room).catch((error) => this.#deps.onFault(error, 'handshake.expiry'))
    })
  }

  async #look(id: string, room: Room): Promise<void> {
    const state = await this.#deps.states.get(id)
    if (this.#rooms.get(id) !== room) return
    const isOver = !state || secondsLeft(state.row, this.#deps.ground.clock.micros()) === 0
    // Whoever ends it tells all nodes; this one hears of it by its own tap.
    if (isOver && (await expire(this.#deps, id))) return
    const after = await this.#deps.states.get(id)
    if (!after || after.row.endedAt !== null) this.#end(id, frameTexts.expired)
    else if (this.#rooms.get(id) === room) this.#watch(id, room)
  }
}

/** Says why, then closes (contract 4.3). Does nothing to one that is closing already. */
export function refuse(connection: Connection, msg: string): void {
  connection.send(JSON.stringify({ type: 'error', msg }))
  connection.close(closeCodes.over)
}
