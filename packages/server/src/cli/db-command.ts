import type { Command } from 'commander'
import { loadConfig } from '../config/load.js'
import { allMigrations, openServerGround } from '../ground.js'
import { openDatabase } from './open-database.js'
import { print, table } from './print.js'

/** `parley db status|migrate`. */
export function addDbCommand(program: Command): void {
  const db = program.command('db').description('the database')

  db.command('status')
    .description('show which migrations are applied')
    .action(async () => {
      const { database, close } = await openDatabase()
      try {
        const status = await database.migrationStatus(allMigrations)
        const rows = status.flatMap(({ owner, applied, pending }) => [
          ...applied.map((name) => [owner, name, 'applied']),
          ...pending.map((name) => [owner, name, 'pending']),
        ])
        print(table([['OWNER', 'MIGRATION', 'STATE'], ...rows]))
        if (status.some(({ pending }) => pending.length > 0)) process.exitCode = 1
      } finally {
        await close()
      }
    })

  db.command('migrate')
    .description('apply what is missing')
    .action(async () => {
      // Migrating tells other nodes nothing: it must not wait for their bus.
      const config = { ...loadConfig(process.env), bus: 'memory' as const, redisUrl: undefined }
      const ground = await openServerGround({ ...config, migrate: 'auto' }, () => {})
      await ground.close()
      print(['The database is up to date.'])
    })
}
