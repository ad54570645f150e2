import { type Database, type Op, toOp } from '@parley/kernel/db'

type Tables = {
  owner_links: { code_hash: string; created_at: number; expires_at: number; used_at: number | null }
  browser_sessions: { token_hash: string; principal: string; created_at: number; expires_at: number }
  api_keys: {
    id: string
    name: string
    key_hash: string
    scopes: string
    /** JSON of a flat map. */
    tenant: string
    created_at: number
    last_used_at: number | null
  }
}

export type ApiKeyRow = Tables['api_keys']

/** The server's credentials: hashes only. Times are microseconds. */
export function credentialStore(database: Database) {
  const db = database.tables<Tables>()
  return {
    findLink: (hash: string) =>
      db.selectFrom('owner_links').selectAll().where('code_hash', '=', hash).executeTakeFirst(),
    addLink: (hash: string, createdAt: number, expiresAt: number): Op =>
      toOp(
        db
          .insertInto('owner_links')
          .values({ code_hash: hash, created_at: createdAt, expires_at: expiresAt, used_at: null }),
      ),
    /** Refuses its unit when the link was used or has expired. */
    useLink: (hash: string, now: number): Op =>
      toOp(
        db
          .updateTable('owner_links')
          .set({ used_at: now })
          .where('code_hash', '=', hash)
          .where('used_at', 'is', null)
          .where('expires_at', '>', now),
        1,
      ),
    forgetOldLinks: (before: number): Op =>
      toOp(db.deleteFrom('owner_links').where('expires_at', '<', before)),

    findSession: (hash: string) =>
      db.selectFrom('browser_sessions').selectAll().where('token_hash', '=', hash).executeTakeFirst(),
    addSession: (hash: string, principal: string, createdAt: number, expiresAt: number): Op =>
      toOp(
        db
          .insertInto('browser_sessions')
          .values({ token_hash: hash, principal, created_at: createdAt, expires_at: expiresAt }),
      ),
    removeSession: (hash: string): Op =>
      toOp(db.deleteFrom('browser_sessions').where('token_hash', '=', hash)),
    forgetOldSessions: (before: number): Op =>
      toOp(db.deleteFrom('browser_sessions').where('expires_at', '<', before)),

    keys: () => db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute(),
    findKey: (hash: string) =>
      db.selectFrom('api_keys').selectAll().where('key_hash', '=', hash).executeTakeFirst(),
    addKey: (row: ApiKeyRow): Op => toOp(db.insertInto('api_keys').values(row)),
    /** Refuses its unit when there is no such key. */
    removeKey: (id: string): Op => toOp(db.deleteFrom('api_keys').where('id', '=', id), 1),
    useKey: (id: string, at: number): Op =>
      toOp(db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id)),
  }
}

export type CredentialStore = ReturnType<typeof credentialStore>
