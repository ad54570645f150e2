import { type Bus, memoryBus, postgresBus, redisBus } from '../bus/index.js'
import { type Database, openPostgres, openSqlite } from '../db/index.js'
import { kernelErrors } from '../errors/index.js'
import type { Clock, Ids, NodeId } from '../ids/index.js'
import { type Journal, postgresJournal, sqliteJournal } from '../log/index.js'

/** Everything a ground needs to know, with its defaults filled in. */
export type EngineOptions = {
  database: string
  bus: 'memory' | 'postgres' | 'redis'
  redisUrl: string | undefined
  redisPrefix: string | undefined
  clock: Clock
  ids: Ids
  node: NodeId
  onFault(error: unknown, where: string): void
}

/** A database, and how to make a journal on it once it has its tables. */
export type OpenedEngine = { db: Database; openJournal(): Journal }

const isPostgresUrl = (database: string): boolean => /^postgres(ql)?:\/\//.test(database)

export async function openEngine(options: EngineOptions): Promise<OpenedEngine> {
  const { database, clock, ids, onFault } = options
  if (isPostgresUrl(database)) {
    const db = await openPostgres({ url: database, clock, onFault })
    return { db, openJournal: () => postgresJournal(db, { ids }) }
  }
  const db = await openSqlite({ path: database, clock, ids, onFault })
  return { db, openJournal: () => sqliteJournal(db, { clock, ids, onFault }) }
}

/** Throws for a bus that this database can't carry, or that has no address, before anything is opened. */
export function assertBusFits({
  bus,
  database,
  redisUrl,
}: Pick<EngineOptions, 'bus' | 'database' | 'redisUrl'>): void {
  if (bus === 'redis' && redisUrl === undefined)
    throw kernelErrors.invalidRequest({ message: 'The bus "redis" needs a redisUrl.' })
  if (bus === 'memory' || isPostgresUrl(database)) return
  throw kernelErrors.invalidRequest({ message: `The bus "${bus}" needs a Postgres database.` })
}

export function openBus(options: EngineOptions): Bus {
  const { bus, database, redisUrl = '', redisPrefix, clock, ids, node, onFault } = options
  const common = { node, clock, ids, onFault }
  switch (bus) {
    case 'memory':
      return memoryBus(common)
    case 'postgres':
      return postgresBus({ ...common, url: database })
    case 'redis':
      return redisBus({ ...common, url: redisUrl, prefix: redisPrefix })
  }
}
