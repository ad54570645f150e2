import { openForBrowser } from './access.js'
import type { AuditRecord } from './audit.js'
import type { Caller } from './caller.js'
import type { HandshakeDeps } from './deps.js'

/** The audit trail for the page that holds the browser key (contract W10): the newest 1,000 records, oldest first. */
export async function readAudit(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
): Promise<{ records: AuditRecord[] }> {
  await openForBrowser(deps, caller, id, 'audit')
  return { records: await deps.audit.read(id) }
}
