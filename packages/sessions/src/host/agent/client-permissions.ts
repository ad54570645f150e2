import {
  type ClientApp,
  type JsonRpcId,
  methods,
  type RequestPermissionResponse,
} from '@agentclientprotocol/sdk'

/**
 * The answer to a permission request that a session was told of. Undefined when it can't be asked: malformed, or too many.
 * `signal` aborts when the agent takes the request back.
 */
export type AskPermission = (
  id: JsonRpcId,
  signal: AbortSignal,
) => Promise<RequestPermissionResponse> | RequestPermissionResponse

/** Answers `session/request_permission`, whenever somebody has decided. */
export function answerPermissions(app: ClientApp, ask: AskPermission): void {
  app.onRequest(methods.client.session.requestPermission, ({ requestId, signal }) => ask(requestId, signal))
}
