export { threadsMigrations } from './migrations.js'
export { sqlThreadStore } from './sql.js'
