export { sessionsMigrations } from './migrations.js'
export { sqlSessionsStore } from './sql.js'
