import type { TestPostgres } from '@parley/testkit/services'
import { systemClock } from '../../ids/index.js'
import { kernelMigrations } from '../kernel-migrations.js'
import { openPostgres, type PostgresDatabase } from './open-postgres.js'

/** A new database with the kernel's tables; closing it drops it. */
export async function newTestDatabase(server: TestPostgres): Promise<PostgresDatabase & { url: string }> {
  const { url, drop } = await server.newDatabase()
  const db = await openPostgres({ url, clock: systemClock, poolSize: 4 })
  await db.migrate([kernelMigrations])
  return {
    ...db,
    url,
    async close() {
      await db.close()
      await drop()
    },
  }
}
