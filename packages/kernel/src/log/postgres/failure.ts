// Tells the database's answers apart: what may be tried again, what the statement itself is guilty of.
import pg from 'pg'

/** Why a transaction did not go through. */
export type Failure =
  /** Nothing was stored and the same transaction may succeed: a deadlock, a serialization failure. */
  | { kind: 'conflict'; error: unknown }
  /** Nothing was stored and the connection is of no more use. */
  | { kind: 'session_lost'; error: unknown }
  /** A retry key of the batch is in the table already. Nothing was stored. */
  | { kind: 'repeated_key'; error: unknown }
  /** The statement was refused. Nothing was stored. */
  | { kind: 'raised'; error: unknown }
  /** The connection ended and the server may have committed. */
  | { kind: 'unknown'; error: unknown }

const conflicts = new Set(['40P01', '40001'])

/** What an error of a transaction means. `isCommitSent`: the server may have read the commit already. */
export function toFailure(error: unknown, isCommitSent: boolean): Failure {
  // OUTSIDE: the server's own words are DatabaseErrors; everything else is a connection that broke.
  if (!(error instanceof pg.DatabaseError)) {
    return { kind: isCommitSent ? 'unknown' : 'session_lost', error }
  }
  if (conflicts.has(error.code ?? '')) return { kind: 'conflict', error }
  if (isEndOfSession(error)) return { kind: 'session_lost', error }
  if (error.code === '23505' && error.constraint === 'append_keys_pkey')
    return { kind: 'repeated_key', error }
  return { kind: 'raised', error }
}

/** What a commit's own error means: a session that ends while it commits may have committed. */
export function toCommitFailure(error: unknown): Failure {
  const failure = toFailure(error, true)
  return failure.kind === 'session_lost' ? { kind: 'unknown', error } : failure
}

/** The session can't go on: it was ended by the server, or it remembers a statement that is no longer valid. */
function isEndOfSession({ code = '', routine }: pg.DatabaseError): boolean {
  const isOutdatedPlan = code === '26000' || (code === '0A000' && routine === 'RevalidateCachedQuery')
  return isOutdatedPlan || code.startsWith('57P') || code === '25P03'
}
