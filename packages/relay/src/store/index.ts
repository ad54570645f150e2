export { relayMigrations } from './migrations.js'
export { sqlRelayStore } from './sql.js'
