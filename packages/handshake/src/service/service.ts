import type {
  ActionAnswer,
  ClaimAnswer,
  DiffAnswer,
  ExtendAnswer,
  PromptLanguage,
} from '../protocol/index.js'
import { applyActions } from './apply-actions.js'
import type { AuditRecord } from './audit.js'
import type { Caller } from './caller.js'
import { claimHandshake } from './claim-handshake.js'
import type { HandshakeDeps } from './deps.js'
import { extendHandshake } from './extend-handshake.js'
import { type Opened, openHandshake } from './open-handshake.js'
import * as operator from './operator.js'
import { readAudit } from './read-audit.js'
import { type DiffQuery, readChanges } from './read-changes.js'
import { type ContextText, readContext } from './read-context.js'
import { readPrompt } from './read-prompt.js'
import { recordEdit } from './record-edit.js'
import { revokeHandshake } from './revoke-handshake.js'
import { sweep } from './sweep.js'

type Body = Record<string, unknown>

/** Every operation of the plane, without transport. Refusals are thrown with codes of `handshakeErrors`. */
export function createHandshakeService(deps: HandshakeDeps) {
  return {
    open: (caller: Caller, body: Body): Promise<Opened> => openHandshake(deps, caller, body),
    readContext: (caller: Caller, id: string): Promise<ContextText> => readContext(deps, caller, id),
    applyActions: (caller: Caller, id: string, body: Body): Promise<ActionAnswer> =>
      applyActions(deps, caller, id, body),
    readChanges: (caller: Caller, id: string, query: DiffQuery): Promise<DiffAnswer> =>
      readChanges(deps, caller, id, query),
    recordEdit: (caller: Caller, id: string, body: Body): Promise<{ ok: true }> =>
      recordEdit(deps, caller, id, body),
    extend: (caller: Caller, id: string, body: Body): Promise<ExtendAnswer> =>
      extendHandshake(deps, caller, id, body),
    claim: (caller: Caller, id: string, body: Body): Promise<ClaimAnswer> =>
      claimHandshake(deps, caller, id, body),
    revoke: (caller: Caller, id: string): Promise<{ ok: true; revoked: true }> =>
      revokeHandshake(deps, caller, id),
    readAudit: (caller: Caller, id: string): Promise<{ records: AuditRecord[] }> =>
      readAudit(deps, caller, id),
    readPrompt: (
      caller: Caller,
      id: string,
      query: { baseUrl: string; language: PromptLanguage },
    ): Promise<string> => readPrompt(deps, caller, id, query),
    /** Ends what has expired; answers how many. Runs by itself every `sweepSeconds`. */
    sweep: (): Promise<number> => sweep(deps),
    /** For people who run the server: visible by tenant, authorised by scopes of their principal. */
    operator: operator.createOperatorService(deps),
  }
}

export type HandshakeService = ReturnType<typeof createHandshakeService>
