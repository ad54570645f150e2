import type { PermissionResponseBody } from '../../protocol/index.js'
import type { CallRow, PermissionRow } from '../../store/port.js'

/** Which request an answer is for. */
export type RequestKey = Pick<PermissionRow, 'sessionId' | 'requestId' | 'decisionId'>

/** Where in the order of a reconnect permissions come: after the ends of sessions. */
const permissionRank = 1

/** The request that brings an answer to a linked host; sent until the host has answered it. */
export function toPermissionCall(
  hostId: string,
  { sessionId, requestId, decisionId }: RequestKey,
  body: PermissionResponseBody,
  createdAt: number,
): CallRow {
  return {
    key: `permission:${decisionId}`,
    hostId,
    sessionId,
    rank: permissionRank,
    method: 'POST',
    path: `/sessions/${encodeURIComponent(sessionId)}/permissions/${encodeURIComponent(requestId)}`,
    body,
    createdAt,
  }
}
