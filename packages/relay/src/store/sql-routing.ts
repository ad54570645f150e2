import type { Database } from '@parley/kernel/db'
import type { RoutingRows } from './port.js'
import { conversationStatements } from './sql-conversations.js'
import { policyStatements } from './sql-policies.js'
import { scopeStatements } from './sql-scopes.js'

export function routingStatements(database: Database): RoutingRows {
  return { ...scopeStatements(database), ...policyStatements(database), ...conversationStatements(database) }
}
