import type { Database, Op } from '../db/index.js'
import { toOp } from '../db/index.js'
import type { Micros, NodeId } from '../ids/index.js'

type LeaseRow = { name: string; holder: string; epoch: number; expires_at: number }
type Tables = { leases: LeaseRow }

/** One holding of a lease. */
export type Claim = { name: string; holder: NodeId; epoch: number }

/** What the table says of a lease. A released one has `expiresAt` 0; its row stays, so that the epoch goes on. */
export type Held = { holder: NodeId; epoch: number; expiresAt: Micros }

/** Reads and statements of the table `leases`. Each statement is a guard: it touches its row or fails its unit. */
export function leaseStatements(db: Database) {
  const tables = db.tables<Tables>()

  const ofClaim = ({ name, holder, epoch }: Claim) =>
    tables
      .updateTable('leases')
      .where('name', '=', name)
      .where('holder', '=', holder)
      .where('epoch', '=', epoch)
      .where('expires_at', '>', 0)

  return {
    async find(name: string): Promise<Held | undefined> {
      const query = tables
        .selectFrom('leases')
        .select(['holder', 'epoch', 'expires_at'])
        .where('name', '=', name)
      const [row] = await db.read(query.compile())
      // OUTSIDE: Postgres's driver hands out bigint columns as text.
      return row && { holder: row.holder, epoch: Number(row.epoch), expiresAt: Number(row.expires_at) }
    },

    create: ({ name, holder, epoch }: Claim, expiresAt: Micros): Op =>
      toOp(
        tables
          .insertInto('leases')
          .values({ name, holder, epoch, expires_at: expiresAt })
          .onConflict((conflict) => conflict.column('name').doNothing()),
        1,
      ),

    /** Takes the lease over from the epoch before, unless that was renewed meanwhile. */
    takeOver: ({ name, holder, epoch }: Claim, expiresAt: Micros, now: Micros): Op =>
      toOp(
        tables
          .updateTable('leases')
          .set({ holder, epoch, expires_at: expiresAt })
          .where('name', '=', name)
          .where('epoch', '=', epoch - 1)
          .where('expires_at', '<=', now),
        1,
      ),

    renew: (claim: Claim, expiresAt: Micros): Op => toOp(ofClaim(claim).set({ expires_at: expiresAt }), 1),

    release: (claim: Claim): Op => toOp(ofClaim(claim).set({ expires_at: 0 }), 1),

    /** Releases every lease, whoever holds it. */
    releaseAll: (): Op =>
      toOp(tables.updateTable('leases').set({ expires_at: 0 }).where('expires_at', '>', 0)),

    guard: (claim: Claim): Op => {
      // WHY: on Postgres the update locks the row, so nobody takes the lease over between this statement and the
      //      commit. SQLite has one writer: looking is enough.
      if (db.engine === 'postgres') return toOp(ofClaim(claim).set({ epoch: claim.epoch }), 1)
      const { name, holder, epoch } = claim
      const matching = tables.selectFrom('leases').select('epoch').where('name', '=', name)
      return toOp(
        matching.where('holder', '=', holder).where('epoch', '=', epoch).where('expires_at', '>', 0),
        1,
      )
    },
  }
}

export type LeaseStatements = ReturnType<typeof leaseStatements>
