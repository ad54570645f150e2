import { type Database, kernelMigrations } from '../db/index.js'
import { kernelErrors } from '../errors/index.js'
import { systemClock, systemIds } from '../ids/index.js'
import { createLeases, freeLeftLeases } from '../leases/index.js'
import { createLog } from '../log/index.js'
import { Closers } from './closers.js'
import { assertBusFits, type EngineOptions, openBus, openEngine } from './engine.js'
import type { Ground, GroundOptions } from './port.js'

/**
 * Opens the ground of one node. Resolves when it hears the other nodes; rejects, with everything closed again, when
 * the database can't be opened, with `kernel.data_directory_in_use` when another process has the directory, and with
 * `kernel.unmigrated` when `migrate` is `false` and migrations of the kernel are missing.
 */
export async function openGround(options: GroundOptions = {}): Promise<Ground> {
  const engine = withDefaults(options)
  assertBusFits(engine)
  const closers = new Closers()
  try {
    return await open(options, engine, closers)
  } catch (error) {
    await closers.close().catch(() => {})
    throw error
  }
}

function withDefaults(options: GroundOptions): EngineOptions {
  const { database = ':memory:', bus = 'memory', clock = systemClock, ids = systemIds } = options
  const { node = ids.next('node'), onFault = () => {} } = options
  const { redisUrl, redisPrefix } = options
  return { database, bus, redisUrl, redisPrefix, clock, ids, node, onFault }
}

async function open(options: GroundOptions, engine: EngineOptions, closers: Closers): Promise<Ground> {
  const { clock, ids, node, onFault } = engine
  const { db, openJournal } = await openEngine(engine)
  closers.add(db)
  if (options.migrate === false) await assertMigrated(db)
  else await db.migrate([kernelMigrations])

  const bus = closers.add(openBus(engine))
  const journal = openJournal()
  const { exclusive } = db
  const log = closers.add(createLog({ journal, bus, clock, exclusive, onFault, limits: options.limits }))
  if (exclusive) await freeLeftLeases({ db, log })
  const leases = closers.add(createLeases({ db, log, node, clock }))
  await bus.ready()
  return { node, db, log, bus, leases, clock, ids, close: () => closers.close() }
}

async function assertMigrated(db: Database): Promise<void> {
  const status = await db.migrationStatus([kernelMigrations])
  const pending = status.flatMap(({ owner, pending }) => pending.map((name) => `${owner} ${name}`))
  if (pending.length === 0) return
  throw kernelErrors.unmigrated({
    message: `The database lacks migrations (${pending.join(', ')}). Apply them, then start again.`,
    details: { pending },
  })
}
