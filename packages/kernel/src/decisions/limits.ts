/** Bounds of decisions. */
export type DecisionLimits = {
  /** UTF-8 bytes of a question's JSON text (65,536). */
  maxQuestionBytes: number
  /** UTF-8 bytes of an answer's JSON text (65,536). */
  maxAnswerBytes: number
  /** Options of one question (32). */
  maxOptions: number
  /** Identities that `mayAnswer` names (1,000). */
  maxAnswerers: number
  /**
   * Open decisions of one stream (100); past it asking is refused with `decision.too_many_open`. Exact for a stream that
   * has events, when the question's event goes there; at a stream's very first event two nodes may pass it together.
   */
  maxOpenPerStream: number
  /** Calls of `settled` that wait on this node (10,000); past it `kernel.unavailable`. */
  maxWaits: number
  /** Longest pause between two looks for decisions that are due, in milliseconds (10,000): how late those of a dead node expire. */
  longestPauseMs: number
  /** Pause after an expiry that failed, in milliseconds (5,000). */
  retryMs: number
  /** Decisions of one kind that expire together (100). */
  maxBatch: number
}

export const defaultDecisionLimits: DecisionLimits = {
  maxQuestionBytes: 65_536,
  maxAnswerBytes: 65_536,
  maxOptions: 32,
  maxAnswerers: 1_000,
  maxOpenPerStream: 100,
  maxWaits: 10_000,
  longestPauseMs: 10_000,
  retryMs: 5_000,
  maxBatch: 100,
}
