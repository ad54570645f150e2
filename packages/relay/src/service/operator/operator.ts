import { createBotAdmin } from '../bots/index.js'
import type { RelayDeps } from '../deps.js'
import type { RelayOperator } from '../port.js'
import { botOperations } from './bots.js'
import { gatewayOperations } from './gateways.js'
import { historyOperations } from './history.js'
import { instanceOperations } from './instances.js'
import { linkOperations } from './links.js'
import type { OperatorParts, Work } from './parts.js'
import { receiptOperations } from './receipts.js'
import { watch } from './watch.js'

/** What operators do. With a tenant, only what belongs to it is seen and touched. */
export function createOperator(deps: RelayDeps, parts: OperatorParts): RelayOperator {
  const work: Work = { ...deps, ...parts, admin: parts.admin ?? createBotAdmin(deps, parts) }
  return {
    ...botOperations(work),
    ...gatewayOperations(work),
    ...instanceOperations(work),
    ...linkOperations(work),
    ...receiptOperations(work),
    ...historyOperations(work),
    watch: (within, signal) => watch(work, within, signal),
    counts: () => deps.tally.read(),
  }
}
