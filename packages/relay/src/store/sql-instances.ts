import { type Database, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import {
  fromName,
  fromNameOrNull,
  fromNumberOrNull,
  given,
  present,
  toName,
  toNameOrNull,
} from './columns.js'
import { isOfKey, removeInstance } from './instance-removal.js'
import { keptRead } from './kept.js'
import { fromKey, toKey } from './keys.js'
import type { InstanceKey, InstanceRow, InstanceRows } from './port.js'
import { isHeld, type RelayTables } from './tables.js'

type Table = RelayTables['relay_instances']
type Reads = 'find' | 'findMany' | 'list' | 'listTrimmable'

export function instanceStatements(database: Database): InstanceRows {
  return { ...instanceReads(database), ...instanceOps(database) }
}

// Both engines take conditions of so many keys.
const keysAtOnce = 100

function instanceReads(database: Database): Pick<InstanceRows, Reads> {
  const db = database.tables<RelayTables>()
  const instances = () => db.selectFrom('relay_instances').selectAll()
  const byKey = keptRead(database, (is: { tenant: string; instance_id: string }) =>
    instances().where('tenant', '=', is.tenant).where('instance_id', '=', is.instance_id),
  )
  const find = async (key: InstanceKey) => {
    const [row] = await byKey(toKey(key))
    return row && fromInstance(row)
  }
  const findSome = async (keys: readonly InstanceKey[]) => {
    const query = instances().where((is) => is.or(keys.map((key) => is.and(toKey(key)))))
    return (await query.execute()).map(fromInstance)
  }
  return {
    find,

    findMany: async (keys) => {
      if (keys.length < 2) return (await Promise.all(keys.map(find))).filter((row) => row !== undefined)
      const parts = Array.from({ length: Math.ceil(keys.length / keysAtOnce) }, (_, part) =>
        keys.slice(part * keysAtOnce, (part + 1) * keysAtOnce),
      )
      return (await Promise.all(parts.map(findSome))).flat()
    },

    list: async ({ tenant }) => {
      const query = tenant === undefined ? instances() : instances().where('tenant', '=', toName(tenant))
      return (await query.orderBy('tenant').orderBy('instance_id').execute()).map(fromInstance)
    },

    listTrimmable: async (limit) => {
      const standing = db
        .selectFrom('relay_instances')
        .whereRef('trimmed', '<=', 'appended')
        .select(['tenant', 'instance_id', 'stream', 'trimmed'])
        .select((is) => {
          const needed = is
            .selectFrom('relay_entries')
            .whereRef('relay_entries.tenant', '=', 'relay_instances.tenant')
            .whereRef('relay_entries.instance_id', '=', 'relay_instances.instance_id')
            .select(sql<number | null>`min(position)`.as('first'))
          return sql<number>`coalesce(${needed}, appended + 1)`.as('before')
        })
      const query = db.selectFrom(standing.as('standing')).selectAll().whereRef('before', '>', 'trimmed')
      const rows = await query.limit(limit).execute()
      return rows.map((row) => ({
        ...fromKey(row),
        stream: fromName(row.stream),
        before: Number(row.before),
      }))
    },
  }
}

function instanceOps(database: Database): Omit<InstanceRows, Reads> {
  const db = database.tables<RelayTables>()
  const all = () => db.updateTable('relay_instances')
  const one = (key: InstanceKey) => all().where(isOfKey(key))
  const held = () => all().where(isHeld())
  return {
    insert: (row) =>
      toOp(
        db
          .insertInto('relay_instances')
          .values(toInstance(row))
          .onConflict((conflict) => conflict.doNothing()),
      ),

    // Set to what it was: an update names a column.
    change: (key, change) => toOp(one(key).set({ ...toKey(key), ...toChange(change) }), 1),

    move: (key, known, to) =>
      toOp(
        one(key)
          .where('epoch', '=', known.epoch)
          .set({
            state: to.state,
            node: toNameOrNull(to.node),
            epoch: to.epoch,
            live_until: to.liveUntil,
          }),
        1,
      ),

    beat: (node, liveUntil) =>
      toOp(
        held()
          .where('node', '=', toNameOrNull(node))
          .where('state', '=', 'live')
          .set({ live_until: liveUntil }),
      ),

    leave: (node) => {
      const left = node === null ? held() : held().where('node', '=', toNameOrNull(node))
      return toOp(left.set({ state: 'vacant', node: null, live_until: null, epoch: sql<number>`epoch + 1` }))
    },

    poke: (key, { at, before }) =>
      toOp(
        one(key)
          .where((is) => is.or([is('poked_at', 'is', null), is('poked_at', '<=', before)]))
          .set({ poked_at: at }),
        1,
      ),

    acked: (key, at) => toOp(one(key).where('acked_at', 'is', null).set({ acked_at: at })),
    trimmed: (key, before) => toOp(one(key).where('trimmed', '<', before).set({ trimmed: before })),
    remove: (key) => removeInstance(database, key),
  }
}

const toInstance = (row: InstanceRow): Table => ({
  ...toKey(row),
  stream: toName(row.stream),
  display_name: toNameOrNull(row.displayName),
  wake_url: toNameOrNull(row.wakeUrl),
  state: row.state,
  node: toNameOrNull(row.node),
  epoch: row.epoch,
  live_until: row.liveUntil,
  poked_at: row.pokedAt,
  acked_at: row.ackedAt,
  appended: row.appended,
  appended_bytes: 0,
  floor: 0,
  trimmed: 1,
  dropped: row.dropped,
  created_at: row.createdAt,
})

const toChange = (change: Parameters<InstanceRows['change']>[1]): Partial<Table> =>
  present({
    display_name: given(change.displayName, toNameOrNull),
    wake_url: given(change.wakeUrl, toNameOrNull),
    poked_at: change.pokedAt,
  })

const fromInstance = (row: Selectable<Table>): InstanceRow => ({
  ...fromKey(row),
  stream: fromName(row.stream),
  displayName: fromNameOrNull(row.display_name),
  wakeUrl: fromNameOrNull(row.wake_url),
  // The cast: nothing but this store writes the column.
  state: row.state as InstanceRow['state'],
  node: fromNameOrNull(row.node),
  epoch: Number(row.epoch),
  liveUntil: fromNumberOrNull(row.live_until),
  pokedAt: fromNumberOrNull(row.poked_at),
  ackedAt: fromNumberOrNull(row.acked_at),
  appended: Number(row.appended),
  dropped: Number(row.dropped),
  createdAt: Number(row.created_at),
})
