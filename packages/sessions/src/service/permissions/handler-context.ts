import type { PendingPermission } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { toSessionContext } from '../handlers/index.js'
import type { PermissionRequestContext, PermissionResponse } from '../options.js'
import { optionOfKind } from './request.js'

/** What the application's handler gets. */
export function toHandlerContext(session: SessionRow, request: PendingPermission): PermissionRequestContext {
  const choose = (kind: 'allow' | 'reject'): PermissionResponse => {
    const optionId = optionOfKind(request, kind)
    return optionId === undefined ? { outcome: 'cancelled' } : { optionId }
  }
  return {
    session: toSessionContext(session),
    requestId: request.requestId,
    toolCallId: request.toolCallId,
    title: request.title,
    kind: request.kind,
    options: request.options.map((option) => ({ ...option })),
    allow: () => choose('allow'),
    deny: () => choose('reject'),
  }
}
