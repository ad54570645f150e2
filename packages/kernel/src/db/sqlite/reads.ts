// Gathers the reads of one turn of the event loop into one message to the reading worker.
import { kernelErrors } from '../../errors/index.js'
import { type Fault, fromFault, isFault, type Query, type Rows } from './protocol.js'
import type { WorkerClient } from './worker-client.js'

// LIMIT: reads waiting for their answer; past it new ones are refused with `kernel.unavailable`.
const maxReads = 100_000

type Waiting = { query: Query; resolve(rows: Rows): void; reject(error: unknown): void }

/** A function that runs one reading statement in the worker. */
export function gatherReads(worker: WorkerClient): (query: Query) => Promise<Rows> {
  let waiting: Waiting[] = []
  let outstanding = 0

  const flush = () => {
    const batch = waiting
    waiting = []
    worker
      .ask<(Rows | Fault)[]>({ kind: 'read', queries: batch.map(({ query }) => query) })
      .then((answers) => settle(batch, answers))
      .catch((error) => {
        for (const { reject } of batch) reject(error)
      })
      .finally(() => {
        outstanding -= batch.length
      })
  }
  return (query) =>
    new Promise((resolve, reject) => {
      if (outstanding >= maxReads) return reject(kernelErrors.unavailable())
      outstanding += 1
      if (waiting.push({ query, resolve, reject }) === 1) setImmediate(flush)
    })
}

/** The rows as objects. */
export function toObjects<Row>({ columns, values }: Rows): Row[] {
  const rows: Record<string, unknown>[] = []
  for (let at = 0; at < values.length; at += columns.length) {
    const row: Record<string, unknown> = {}
    for (const [index, column] of columns.entries()) row[column] = values[at + index]
    rows.push(row)
  }
  // The caller's type is that of its query, which the compiler can't see in the text.
  return rows as Row[]
}

function settle(batch: readonly Waiting[], answers: readonly (Rows | Fault)[]): void {
  for (const [index, { resolve, reject }] of batch.entries()) {
    const answer = answers[index] ?? { message: 'The database worker gave no answer.' }
    if (isFault(answer)) reject(fromFault(answer))
    else resolve(answer)
  }
}
