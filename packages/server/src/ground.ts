import { handshakeMigrations } from '@parley/handshake'
import { kernelMigrations } from '@parley/kernel/db'
import { isParleyError, kernelErrors } from '@parley/kernel/errors'
import { type Ground, openGround } from '@parley/kernel/ground'
import { systemClock, systemIds } from '@parley/kernel/ids'
import { relayMigrations } from '@parley/relay'
import { sessionsMigrations } from '@parley/sessions'
import { threadsMigrations } from '@parley/threads'
import { serverMigrations } from './auth/migrations.js'
import { busOf, isPostgres } from './config/load.js'
import type { Config } from './config/schema.js'

/** Told of what broke, and where. */
export type OnFault = (error: unknown, where: string) => void

/** Every migration of the server, in the order of dependence. */
export const allMigrations = [
  kernelMigrations,
  serverMigrations,
  handshakeMigrations,
  threadsMigrations,
  sessionsMigrations,
  relayMigrations,
]

/** The ground of a configuration, migrated, or refused with `kernel.unmigrated`. */
export async function openServerGround(config: Config, onFault: OnFault): Promise<Ground> {
  const ground = await openKernelGround(config, onFault)
  try {
    if (migratesItself(config)) await ground.db.migrate(allMigrations)
    else await assertMigrated(ground)
    return ground
  } catch (error) {
    await ground.close()
    throw error
  }
}

/** True while the database answers. */
export async function canRead({ db }: Ground): Promise<boolean> {
  return db.migrationStatus([kernelMigrations]).then(
    () => true,
    () => false,
  )
}

async function openKernelGround(config: Config, onFault: OnFault): Promise<Ground> {
  try {
    return await openGround({
      database: config.databaseUrl ?? config.dataDir,
      bus: busOf(config),
      redisUrl: config.redisUrl,
      redisPrefix: config.redisPrefix,
      migrate: migratesItself(config),
      clock: systemClock,
      ids: systemIds,
      onFault,
    })
  } catch (error) {
    // The kernel does not know our command.
    throw isParleyError(error, 'kernel.unmigrated') ? unmigrated('its tables', error) : error
  }
}

const migratesItself = (config: Config): boolean =>
  (config.migrate ?? (isPostgres(config) ? 'check' : 'auto')) === 'auto'

async function assertMigrated({ db }: Ground): Promise<void> {
  const status = await db.migrationStatus(allMigrations)
  const pending = status.flatMap(({ owner, pending }) => pending.map((name) => `${owner}/${name}`))
  if (pending.length > 0) throw unmigrated(pending.join(', '))
}

const unmigrated = (lacks: string, cause?: unknown) =>
  kernelErrors.unmigrated({
    message: `The database lacks ${lacks}. Run \`parley db migrate\`, or set PARLEY_MIGRATE=auto.`,
    cause,
  })
