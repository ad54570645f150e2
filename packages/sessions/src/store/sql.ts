import type { Database } from '@parley/kernel/db'
import type { SessionsStore } from './port.js'
import { callStatements, hostStatements } from './sql-hosts.js'
import { instanceStatements, settingStatements } from './sql-instances.js'
import { messageStatements } from './sql-messages.js'
import { permissionStatements } from './sql-permissions.js'
import { sessionStatements } from './sql-sessions.js'
import { templateStatements } from './sql-templates.js'

/** The one implementation: typed SQL that both engines run. */
export function sqlSessionsStore(database: Database): SessionsStore {
  return {
    sessions: sessionStatements(database),
    permissions: permissionStatements(database),
    templates: templateStatements(database),
    instances: instanceStatements(database),
    hosts: hostStatements(database),
    calls: callStatements(database),
    messages: messageStatements(database),
    settings: settingStatements(database),
  }
}
