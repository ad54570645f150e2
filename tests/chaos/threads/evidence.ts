// What a room looks like when everything is over: what was stored, and what everybody was told about it.

/** An event as REST answers it; only what is verified. */
export type LoggedEvent = {
  id: string
  seq: number
  type: string
  created_at: string
  run_id: string | null
  client_id: string | null
  author: { role: string; id: string }
  error?: { code: string } | null
}

/** A run as REST answers it; only what is verified. */
export type ListedRun = {
  id: string
  status: string
  assistant: { id: string }
  running_at: string | null
  completed_at: string | null
  error: { code: string } | null
}

/** A message that a writer was told is stored. One that was sent again is there again. */
export type Acknowledged = { author: string; clientId: string; eventId: string; seq: number }

/** One answer to an invocation under a key. */
export type Invoked = { key: string; runIds: readonly string[] }

/** An event as a follower or a receiver got it. */
export type Seen = { id: string; seq: number }

export type Evidence = {
  threadId: string
  log: readonly LoggedEvent[]
  runs: readonly ListedRun[]
  acknowledged: readonly Acknowledged[]
  invoked: readonly Invoked[]
  /** Of each follower what it accepted, in the order of arrival. */
  followers: readonly { name: string; seen: readonly Seen[] }[]
  /** What the receiver took, in the order of arrival; repeats included. */
  delivered: readonly Seen[]
  /** Ids of events whose delivery was given up. */
  dead: readonly string[]
}
