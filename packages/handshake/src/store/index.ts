export { handshakeMigrations } from './migrations.js'
export { sqlHandshakeStore } from './sql.js'
