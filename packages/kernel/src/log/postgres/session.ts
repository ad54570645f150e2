// One pipelined connection: statements leave together and are answered in order.
import { Socket } from 'node:net'
import pg from 'pg'
import type { Op } from '../../db/port.js'
import type { Clock } from '../../ids/index.js'

/** One statement to send. With `name` it is prepared once a connection. */
export type Query = { text: string; values?: unknown[]; name?: string }

/** What became of a statement. */
export type Answer =
  | { ok: true; rows: unknown[][]; count: number; command: string }
  | { ok: false; error: unknown }

/** A connection until it breaks. It never heals: open another one. */
export interface Session {
  readonly isLost: boolean
  /** Sends all of them in one write and waits for all answers. Never rejects. */
  send(queries: readonly Query[]): Promise<Answer[]>
  /** A unit's statement, prepared when there is room for one more. */
  toQuery(op: Op): Query
  /** Says goodbye to the server. */
  close(): Promise<void>
  /** Cuts the connection. What was sent and not answered fails. */
  destroy(): void
}

export type SessionDeps = {
  connection: pg.ClientConfig
  clock: Clock
  onFault(error: unknown): void
  /** A connection that does not answer for so long is broken. */
  answerWithinMs: number
}

// WHY: a bound. Kysely makes the same text for the same call, except for lists of values.
const maxPrepared = 200

export async function openSession(deps: SessionDeps): Promise<Session> {
  const socket = new Socket()
  const client = new pg.Client({
    ...deps.connection,
    stream: () => socket,
    pipeline: true,
    // WHY: a node that is frozen between its two trips would keep the heads of hot streams locked for ever.
    idle_in_transaction_session_timeout: 10_000,
  })
  const state = { isLost: false }
  client.on('error', (error) => {
    if (!state.isLost) deps.onFault(error)
    state.isLost = true
  })
  client.on('end', () => {
    state.isLost = true
  })
  await client.connect()
  return session(client, socket, state, deps)
}

function session(client: pg.Client, socket: Socket, state: { isLost: boolean }, deps: SessionDeps): Session {
  const names = new Map<string, string>()
  return {
    get isLost() {
      return state.isLost
    },
    async send(queries) {
      const stop = deps.clock.after(deps.answerWithinMs, () =>
        socket.destroy(new Error('No answer in time.')),
      )
      try {
        return await sendTogether(client, socket, queries)
      } finally {
        stop()
      }
    },
    toQuery: ({ sql, params }) => ({ text: sql, values: [...params], name: nameOf(sql, names) }),
    async close() {
      state.isLost = true
      await client.end()
    },
    destroy() {
      state.isLost = true
      socket.destroy()
    },
  }
}

function nameOf(sql: string, names: Map<string, string>): string | undefined {
  const known = names.get(sql)
  if (known || names.size >= maxPrepared) return known
  const name = `op${names.size}`
  names.set(sql, name)
  return name
}

function sendTogether(client: pg.Client, socket: Socket, queries: readonly Query[]): Promise<Answer[]> {
  if (queries.length === 0) return Promise.resolve([])
  return new Promise((resolve) => {
    const answers: Answer[] = []
    let left = queries.length
    const settle = (index: number, answer: Answer) => {
      answers[index] = answer
      left -= 1
      if (left === 0) resolve(answers)
    }
    socket.cork()
    queries.forEach((query, index) => {
      send(client, query, (answer) => settle(index, answer))
    })
    socket.uncork()
  })
}

function send(client: pg.Client, query: Query, done: (answer: Answer) => void): void {
  client.query({ ...query, rowMode: 'array' }, (error: unknown, result?: pg.QueryArrayResult<unknown[]>) => {
    if (error || !result) return done({ ok: false, error })
    done({ ok: true, rows: result.rows, count: result.rowCount ?? 0, command: result.command })
  })
}
