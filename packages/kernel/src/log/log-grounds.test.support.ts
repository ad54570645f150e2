import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testPostgres } from '@parley/testkit/services'
import { expect } from 'vitest'
import { type Bus, memoryBusHub, postgresBus } from '../bus/index.js'
import { type Database, kernelMigrations, openPostgres, openSqlite } from '../db/index.js'
import { systemClock as clock, systemIds as ids } from '../ids/index.js'
import type { LogSubject } from './conformance.js'
import { type Journal, postgresJournal, splitJournal, sqliteJournal } from './index.js'
import { createLog, type ObservedLog } from './log.js'
import type { NodeOptions, OpenedLog } from './log-cases/nodes.js'

type Node = { db: Database; journal: Journal; bus: Bus }

/** Keeps what nodes report; a ground that is closed expects nothing. */
function nodesOf(options: NodeOptions, exclusive: boolean) {
  const faults: unknown[] = []
  const logs: ObservedLog[] = []
  const { wrapBus = (bus: Bus) => bus, limits } = options
  return {
    faults,
    onFault: (error: unknown, where: string) => void faults.push([where, error]),
    open({ journal, bus }: Omit<Node, 'db'>): ObservedLog {
      const onFault = (error: unknown, where: string) => void faults.push([where, error])
      const log = createLog({ journal, bus: wrapBus(bus), clock, exclusive, onFault, limits })
      logs.push(log)
      return log
    },
    async close(): Promise<void> {
      await Promise.all(logs.map((log) => log.close()))
      for (const log of logs) expect(log.stats().followers).toBe(0)
      expect(faults).toEqual([])
    },
  }
}

async function openOnSqlite(path: string, options: NodeOptions): Promise<OpenedLog> {
  const db = await openSqlite({ path, clock })
  await db.migrate([kernelMigrations])
  const journal = sqliteJournal(db, { clock, ids })
  const hub = memoryBusHub()
  const isShared = options.nodes === 2
  const nodes = nodesOf(options, !isShared)
  const open = () => nodes.open({ journal: isShared ? splitJournal(journal) : journal, bus: hub.node() })
  return {
    log: open(),
    other: async () => open(),
    close: async () => {
      await nodes.close()
      await journal.close()
      await db.close()
    },
  }
}

export const sqliteInMemory: LogSubject = { open: (options = {}) => openOnSqlite(':memory:', options) }

export const sqliteInFile: LogSubject = {
  open: async (options = {}) => {
    const path = await mkdtemp(join(tmpdir(), 'parley-log-'))
    const opened = await openOnSqlite(path, options)
    const close = async () => {
      await opened.close()
      await rm(path, { recursive: true, force: true })
    }
    return { ...opened, close }
  },
}

/** Postgres with a bus over it; undefined, after a line on stderr, where there is none. */
export async function findPostgres(): Promise<LogSubject | undefined> {
  const server = await testPostgres()
  if (!server && process.env.CI === 'true') throw new Error('CI needs a Postgres for its tests.')
  if (!server) return undefined
  const open = async (options: NodeOptions = {}): Promise<OpenedLog> => {
    const { url, drop } = await server.newDatabase()
    const nodes = nodesOf(options, false)
    const closers: (() => Promise<void>)[] = []
    const openNode = async () => {
      const db = await openPostgres({ url, clock, onFault: nodes.onFault })
      await db.migrate([kernelMigrations])
      const bus = postgresBus({ url, clock, ids, onFault: nodes.onFault })
      await bus.ready()
      closers.push(async () => {
        await bus.close()
        await db.close()
      })
      return nodes.open({ journal: postgresJournal(db, { ids }), bus })
    }
    return {
      log: await openNode(),
      other: openNode,
      close: async () => {
        await nodes.close()
        for (const close of closers) await close()
        await drop()
      },
    }
  }
  return { open }
}
