import { Batch } from '../batch.js'
import type { Flushable, Outlet } from '../outlet.js'
import type { PreparedFrame } from '../prepared-frame.js'
import type { Member } from './member.js'

/** Frames of one turn. `seq`: the event's number, or for a signal that of the event before it. */
type Pending = { seq: number; frame: PreparedFrame; isSignal: boolean }

/** Past this the frames of a turn are written before it ends. */
const gatherBytes = 256 * 1024

/**
 * The live members of a stream that get the same frames. Frames of one turn are joined once and written to each
 * member's socket in one write.
 */
export class Group<Audience> implements Flushable {
  readonly audience: Audience
  readonly members = new Set<Member<Audience>>()
  readonly #outlet: Outlet
  readonly #onCongested: (member: Member<Audience>) => void
  #pending: Pending[] = []
  #bytes = 0
  /** Number of the event before the first pending frame. */
  #start = 0

  constructor(audience: Audience, outlet: Outlet, onCongested: (member: Member<Audience>) => void) {
    this.audience = audience
    this.#outlet = outlet
    this.#onCongested = onCongested
  }

  /** INVARIANT: the member has everything that is pending now. */
  add(member: Member<Audience>): void {
    member.taken = this.#pending.length
    member.group = this
    this.members.add(member)
    member.connection.lane.owe(member)
  }

  /** The member's cursor is exact afterwards; pending frames that it has not taken are not written to it. */
  remove(member: Member<Audience>): void {
    if (!this.members.delete(member)) return
    member.group = undefined
    member.connection.lane.forget(member)
    member.cursor = Math.max(member.cursor, this.#handedTo(member))
  }

  push(seq: number, frame: PreparedFrame, isSignal = false): void {
    if (this.members.size === 0) return
    if (this.#pending.length === 0) this.#start = isSignal ? seq : seq - 1
    this.#pending.push({ seq, frame, isSignal })
    this.#bytes += frame.bytes.length
    if (this.#bytes > gatherBytes) this.flush()
    else this.#outlet.soon(this)
  }

  flush(): void {
    if (this.#pending.length === 0) return
    const whole = new Batch(this.#pending.map(({ frame }) => frame))
    for (const member of this.members) this.#write(member, whole)
    const end = this.#pending.at(-1)?.seq ?? this.#start
    for (const member of this.members) {
      member.taken = 0
      if (member.cursor < end) member.cursor = end
    }
    this.#pending = []
    this.#bytes = 0
    this.#start = end
  }

  #write(member: Member<Audience>, whole: Batch): void {
    const { lane, isCongested } = member.connection
    if (isCongested) {
      this.#onCongested(member)
    } else if (this.#isWhole(member)) {
      // Before the write: one that closes the connection settles what it is still owed.
      member.taken = this.#pending.length
      lane.write(whole)
    } else {
      const rest = this.take(member)
      if (rest.length > 0) lane.write(new Batch(rest))
    }
  }

  /** True for nearly every member: nothing of this turn was taken, and nothing was read ahead of it. */
  #isWhole(member: Member<Audience>): boolean {
    return member.taken === 0 && member.cursor <= this.#start
  }

  /** The frames of this turn that a member is still owed; it has taken them then. */
  take(member: Member<Audience>): readonly PreparedFrame[] {
    const rest = this.#pending.slice(member.taken)
    member.taken = this.#pending.length
    return rest.filter(({ seq, isSignal }) => isSignal || seq > member.cursor).map(({ frame }) => frame)
  }

  #handedTo(member: Member<Audience>): number {
    if (this.#pending.length === 0) return 0
    return member.taken === 0 ? this.#start : (this.#pending[member.taken - 1]?.seq ?? this.#start)
  }
}
