import { type Database, type Op, toOp } from '@parley/kernel/db'

/** A token with which somebody acts as an identity for a while. Times are microseconds. */
export type TokenRow = {
  token_hash: string
  identity_id: string
  /** JSON of the identity as the threads plane has it. */
  identity: string
  /** Id of the principal that made it. */
  maker_id: string
  created_at: number
  expires_at: number
}

type Tables = { act_as_tokens: TokenRow }

/** Act-as tokens: hashes only. */
export function tokenStore(database: Database) {
  const db = database.tables<Tables>()
  const rows = () => db.selectFrom('act_as_tokens').selectAll()
  return {
    find: (hash: string) => rows().where('token_hash', '=', hash).executeTakeFirst(),
    /** The live tokens of an identity. */
    ofIdentity: (identityId: string, now: number) =>
      rows().where('identity_id', '=', identityId).where('expires_at', '>', now).execute(),
    add: (row: TokenRow): Op => toOp(db.insertInto('act_as_tokens').values(row)),
    remove: (hashes: readonly string[]): Op[] =>
      batchesOf(hashes).map((batch) => toOp(db.deleteFrom('act_as_tokens').where('token_hash', 'in', batch))),
    removeMadeBy: (makerId: string): Op =>
      toOp(db.deleteFrom('act_as_tokens').where('maker_id', '=', makerId)),
    forgetOld: (before: number): Op => toOp(db.deleteFrom('act_as_tokens').where('expires_at', '<=', before)),
  }
}

/** A statement takes no more than some ten thousand parameters, and an identity may have more tokens than that. */
const batchSize = 1_000

function batchesOf(hashes: readonly string[]): string[][] {
  const count = Math.ceil(hashes.length / batchSize)
  return Array.from({ length: count }, (_, n) => hashes.slice(n * batchSize, (n + 1) * batchSize))
}
