import { type Database, type Op, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromName, given, toName } from './columns.js'
import type { InstanceKey, MediaRow, MediaRows } from './port.js'
import type { RelayTables } from './tables.js'

type Table = RelayTables['relay_media']
type Reads = 'find' | 'readChunk' | 'kept'

export function mediaStatements(database: Database): MediaRows {
  return { ...mediaReads(database), ...mediaOps(database) }
}

function mediaReads(database: Database): Pick<MediaRows, Reads> {
  const db = database.tables<RelayTables>()
  const seenBy = (tenant: string) =>
    db
      .selectFrom('relay_media_tenants')
      .innerJoin('relay_media', 'relay_media.id', 'relay_media_tenants.media_id')
      .where('relay_media_tenants.tenant', '=', toName(tenant))
  return {
    find: async (id, tenant, at) => {
      const seen = seenBy(tenant).where('media_id', '=', toName(id)).where('expires_at', '>', at)
      const row = await seen.selectAll('relay_media').executeTakeFirst()
      return row && fromMedia(row)
    },

    readChunk: async (id, index) => {
      const chunks = db.selectFrom('relay_media_chunks').where('media_id', '=', toName(id))
      const row = await chunks.where('position', '=', index).select('bytes').executeTakeFirst()
      return row && new Uint8Array(row.bytes)
    },

    kept: async (tenant) => {
      const query = seenBy(tenant).select(sql<number>`coalesce(sum(size), 0)`.as('bytes'))
      return Number((await query.executeTakeFirstOrThrow()).bytes)
    },
  }
}

function mediaOps(database: Database): Omit<MediaRows, Reads> {
  const db = database.tables<RelayTables>()
  const past = (at: number) => db.selectFrom('relay_media').select('id').where('expires_at', '<=', at)
  const uploaded = (key: InstanceKey) =>
    db
      .selectFrom('relay_media')
      .select('id')
      .where('owner_tenant', '=', toName(key.tenant))
      .where('owner_instance_id', '=', toName(key.instanceId))
  // The files last: they say what else goes.
  const removal = (files: ReturnType<typeof past>): Op[] => [
    toOp(db.deleteFrom('relay_media_chunks').where('media_id', 'in', files)),
    toOp(db.deleteFrom('relay_media_tenants').where('media_id', 'in', files)),
    toOp(db.deleteFrom('relay_media').where('id', 'in', files)),
  ]
  /** Pieces of files that are not there. */
  const pieces = () =>
    db.deleteFrom('relay_media_chunks').where((is) => {
      const files = is.selectFrom('relay_media').select('id')
      return is.not(is.exists(files.whereRef('relay_media.id', '=', 'relay_media_chunks.media_id')))
    })
  return {
    insertChunk: (id, index, bytes, at) =>
      toOp(
        db
          .insertInto('relay_media_chunks')
          .values({ media_id: toName(id), position: index, bytes, created_at: at })
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    insert: (row, tenants, owner) => [
      toOp(
        db
          .insertInto('relay_media')
          .values(toMedia(row, owner))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),
      ...[...new Set(tenants)].map((tenant) =>
        toOp(
          db.insertInto('relay_media_tenants').values({ tenant: toName(tenant), media_id: toName(row.id) }),
        ),
      ),
    ],

    dropChunks: (id) => toOp(pieces().where('media_id', '=', toName(id))),
    purge: (at, abandoned = at) => [...removal(past(at)), toOp(pieces().where('created_at', '<', abandoned))],
    removeOf: (key) => removal(uploaded(key)),
  }
}

const toMedia = (row: MediaRow, owner: InstanceKey | null): Table => ({
  id: toName(row.id),
  mime: toName(row.mime),
  size: row.size,
  filename: toName(row.filename),
  owner_tenant: given(owner?.tenant, toName) ?? null,
  owner_instance_id: given(owner?.instanceId, toName) ?? null,
  created_at: row.createdAt,
  expires_at: row.expiresAt,
})

const fromMedia = (row: Selectable<Table>): MediaRow => ({
  id: fromName(row.id),
  mime: fromName(row.mime),
  size: Number(row.size),
  filename: fromName(row.filename),
  createdAt: Number(row.created_at),
  expiresAt: Number(row.expires_at),
})
