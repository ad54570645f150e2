import type { NodeId, Stop, StreamId } from '../ids/index.js'

/** A stream's newest number. */
export type Head = { stream: StreamId; seq: number }

/**
 * What nodes tell each other. Everything here may be lost; the log is the truth. A node does not hear
 * its own `moved` and `signal`.
 */
export interface Bus {
  readonly node: NodeId
  /** Hints that streams have moved: one call a commit group, coalesced into few messages. `seq: 0` means dropped. */
  moved(heads: readonly Head[]): void
  onMoved(listener: (heads: readonly Head[]) => void): Stop
  /** Ephemeral payload for the followers of a stream on other nodes. At most 256 KiB. */
  signal(stream: StreamId, payload: string): void
  onSignal(listener: (stream: StreamId, payload: string) => void): Stop
  /**
   * Asks one node and waits for its answer. Rejects with `kernel.request_timed_out` when none came in time (default
   * 5,000 ms) and with `kernel.request_refused` when the other side threw.
   */
  request(node: NodeId, topic: string, message: string, options?: { timeoutMs?: number }): Promise<string>
  /** Answers requests of a topic; one handler a topic. */
  serve(topic: string, handler: (message: string, from: NodeId) => Promise<string>): Stop
  /** Told when messages of other nodes may have been missed, for example while a connection was down. */
  onGap?(listener: () => void): Stop
  /** Resolves when messages of other nodes arrive here. */
  ready(): Promise<void>
  close(): Promise<void>
}
