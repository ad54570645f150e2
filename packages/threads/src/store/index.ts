export { threadsMigrations } from './migrations.js'
export { operatorReads } from './operator-reads.js'
export { sqlThreadStore } from './sql.js'
export { sqlWebhookStore } from './webhooks/sql.js'
