import type { Connection } from '../connection.js'
import type { Debt } from '../lane.js'
import type { PreparedFrame } from '../prepared-frame.js'
import type { Group } from './group.js'

/** What a plane is told about one socket's place in a stream. All are optional; what they throw is a fault. */
export type JoinCallbacks = {
  /** History is done: everything up to `seq` was sent, and what comes next is live. Called once. */
  caughtUp?(seq: number): void
  /** Events before `first` were trimmed; what was sent goes on from `first`. */
  historyGone?(first: number): void
  /** The stream was dropped; only `left` comes after it. */
  gone?(): void
  /**
   * It has left: by its stop, with its connection, or because the stream was dropped. Everything up to `seq` that its
   * audience gets was handed over, and nothing after; joining again after it neither repeats nor skips. The last call.
   */
  left?(seq: number): void
}

/** What a member is made of. */
export type MemberOptions<Audience> = {
  connection: Connection
  audience: Audience
  callbacks: JoinCallbacks
  after: number
}

/** One socket in one stream. */
export class Member<Audience> implements Debt {
  readonly connection: Connection
  readonly audience: Audience
  readonly callbacks: JoinCallbacks
  /** `catching`: fed from the log at its own pace. `live`: takes the frames of its group. */
  state: 'catching' | 'live' | 'stopped' = 'catching'
  /** Everything up to here was handed over. Exact while catching, a lower bound while live. */
  cursor: number
  /** Frames of its group's turn that it has taken already. */
  taken = 0
  /** True once `caughtUp` was called. */
  isCaughtUp = false
  /** While it is live. */
  group: Group<Audience> | undefined

  constructor({ connection, audience, callbacks, after }: MemberOptions<Audience>) {
    this.connection = connection
    this.audience = audience
    this.callbacks = callbacks
    this.cursor = after
  }

  takeOwed(): readonly PreparedFrame[] {
    return this.group?.take(this) ?? []
  }
}
