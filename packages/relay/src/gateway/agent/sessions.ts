/** Turns of sessions: those of one session one after another, those of different ones at the same time. */
export interface Sessions {
  /** Resolves or rejects with the turn. Rejects at once when too many wait. */
  run(key: string, turn: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** Aborts the turn that runs now; those that wait are untouched. False: none runs. */
  interrupt(key: string): boolean
  abortAll(reason: string): void
  /** Resolves when no turn is left. */
  none(): Promise<void>
}

/** LIMIT: turns of one session that wait, and of all. */
const maxOfSession = 64
const maxOfAll = 10_000

type Session = { tail: Promise<void>; waiting: number; running?: AbortController }

export function createSessions(): Sessions {
  const sessions = new Map<string, Session>()
  let count = 0

  const turnOf = async (session: Session, turn: (signal: AbortSignal) => Promise<void>) => {
    session.waiting--
    const running = new AbortController()
    session.running = running
    try {
      await turn(running.signal)
    } finally {
      session.running = undefined
    }
  }

  return {
    run: (key, turn) => {
      const session = sessions.get(key) ?? { tail: Promise.resolve(), waiting: 0 }
      if (session.waiting >= maxOfSession || count >= maxOfAll)
        return Promise.reject(new Error('too many messages wait for their turn'))
      session.waiting++
      count++
      sessions.set(key, session)
      const done = session.tail.then(() => turnOf(session, turn))
      const tail = done
        .catch(() => {})
        .then(() => {
          count--
          if (session.tail === tail) sessions.delete(key)
        })
      session.tail = tail
      return done
    },
    interrupt: (key) => {
      const running = sessions.get(key)?.running
      running?.abort(new Error('the turn was interrupted'))
      return running !== undefined
    },
    abortAll: (reason) => {
      for (const { running } of sessions.values()) running?.abort(new Error(reason))
    },
    none: async () => {
      while (sessions.size > 0) await Promise.all([...sessions.values()].map(({ tail }) => tail))
    },
  }
}
