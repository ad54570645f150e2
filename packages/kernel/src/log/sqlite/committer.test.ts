import Libsql from 'libsql'
import { expect, test } from 'vitest'
import { kernelMigrations } from '../../db/index.js'
import { planMigrations } from '../../db/migrate.js'
import { connectionOf } from '../../db/sqlite/connection.js'
import { kyselyOver } from '../../db/sqlite/dialect.js'
import { runScript } from '../../db/sqlite/run-requests.js'
import { systemIds } from '../../ids/index.js'
import { prepareUnit } from '../prepare.js'
import { encodeBatch } from './batch.js'
import { createCommitter } from './committer.js'
import { outcomes } from './protocol.js'

function openCommitter(beforeCommit?: () => void) {
  const db = new Libsql(':memory:')
  const connection = connectionOf(db)
  const compiler = kyselyOver(async () => [])
  const steps = planMigrations({
    sets: [kernelMigrations],
    applied: [],
    db: compiler,
    engine: 'sqlite',
    at: 0,
  })
  const history = { sql: 'create table parley_migrations (owner, name, applied_at)', params: [] }
  runScript(connection, [history, ...steps.flatMap(({ ops }) => ops)])
  const committer = createCommitter(connection, { beforeCommit })
  const count = () => (db.prepare('select count(*) from events').raw(true).all() as [number][])[0]?.[0]
  return { db, count, commit: (...bodies: string[]) => committer.commit(batchOf(bodies)) }
}

function batchOf(bodies: string[]) {
  const units = bodies.map((body) =>
    prepareUnit(
      {
        ops: [],
        appends: [{ stream: 'x:1', drafts: [{ type: 't', actor: { kind: 'user', id: 'u' }, body }] }],
      },
      systemIds,
    ),
  )
  return { kind: 'commit' as const, now: 10, cells: encodeBatch(units) }
}

test('a commit that fails undoes the whole batch, and the next one numbers on from what is stored', () => {
  let isFull = false
  const { commit, count } = openCommitter(() => {
    if (isFull) throw new Error('database or disk is full')
  })
  commit('a')
  isFull = true

  expect(() => commit('b', 'c')).toThrow('database or disk is full')
  isFull = false

  expect(count()).toBe(1)
  expect(commit('d').numbers).toEqual([outcomes.committed, 2, 11])
})

test('a full disk, at which SQLite itself gives up the transaction, does the same', () => {
  const { db, commit, count } = openCommitter()
  commit('a')
  const pages = (db.prepare('pragma page_count').raw(true).all() as [number][])[0]?.[0] ?? 0
  db.exec(`pragma max_page_count = ${pages + 2}`)

  expect(() => commit('small', 'x'.repeat(100_000), 'small')).toThrow('database or disk is full')

  expect(count()).toBe(1)
  expect(commit('d').numbers).toEqual([outcomes.committed, 2, 11])
})
