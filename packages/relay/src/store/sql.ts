import type { Database } from '@parley/kernel/db'
import type { RelayStore } from './port.js'
import { botStatements } from './sql-bots.js'
import { entryStatements } from './sql-entries.js'
import { gatewayStatements } from './sql-gateways.js'
import { instanceStatements } from './sql-instances.js'
import { linkStatements } from './sql-links.js'
import { mediaStatements } from './sql-media.js'
import { promptStatements } from './sql-prompts.js'
import { receiptStatements } from './sql-receipts.js'
import { routingStatements } from './sql-routing.js'
import { settingStatements } from './sql-settings.js'
import { vaultStatements } from './sql-vault.js'

/** The one implementation: typed SQL that both engines run. */
export function sqlRelayStore(database: Database): RelayStore {
  return {
    bots: botStatements(database),
    gateways: gatewayStatements(database),
    instances: instanceStatements(database),
    entries: entryStatements(database),
    links: linkStatements(database),
    routing: routingStatements(database),
    vault: vaultStatements(database),
    prompts: promptStatements(database),
    receipts: receiptStatements(database),
    media: mediaStatements(database),
    settings: settingStatements(database),
  }
}
