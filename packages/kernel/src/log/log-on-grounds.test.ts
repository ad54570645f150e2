import { logConformance } from './conformance.js'
import { findPostgres, sqliteInFile, sqliteInMemory } from './log-grounds.test.support.js'

const postgres = await findPostgres()

logConformance('The log on SQLite in memory', sqliteInMemory)
logConformance('The log on a SQLite file', sqliteInFile)
if (postgres) logConformance('The log on Postgres', postgres)
