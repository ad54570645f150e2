// What a session looks like when the dust has settled: what was stored, what everybody was told, what its agent did.

/** An event of the contract. */
export type LoggedEvent = { type: string; data: Record<string, unknown>; timestamp: string }

/** An event as a follower got it. */
export type Seen = { seq: number; event: LoggedEvent }

/** A prompt, and what is known of its turn. */
export type Prompted = {
  text: string
  /** `whole`: the agent ended it. `torn`: the agent or its host was killed in the middle. */
  turn: 'whole' | 'torn'
}

export type Evidence = {
  sessionId: string
  /** As REST has it. */
  log: readonly LoggedEvent[]
  /** Of each follower everything it was sent, in the order of arrival. */
  followers: readonly { name: string; seen: readonly Seen[] }[]
  /** In the order in which they ran. */
  prompts: readonly Prompted[]
  /** What programs in terminals of the agent wrote, in the order of their turns. */
  terminals: readonly string[]
  /** How often the agent had to be started again. */
  resumed: number
}
