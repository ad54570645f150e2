import { dirname } from 'node:path'
import { findPostgresPrograms, ownPostgres } from '@parley/testkit/services'
import type { Context } from './context.js'
import { findProgram } from './programs.js'

/** A private server with its own durable settings and room for 256 writers; undefined, said why, where none is. */
export async function startPostgres(context: Context): Promise<string | undefined> {
  const server = await ownPostgres({ settings: { max_connections: 400 } })
  if (!server) return void context.say('There is no Postgres here: its lines are left out.')
  context.atEnd(() => server.stop())
  return server.url
}

/** `pgbench` from PATH, or from where the server's programs are. */
export async function findPgbench(): Promise<string | undefined> {
  const programs = await findPostgresPrograms()
  return findProgram('pgbench', programs ? [dirname(programs.postgres)] : [])
}
