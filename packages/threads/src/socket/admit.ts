// Who may connect, and where (contract 4.1, 7).
import type { IncomingHttpHeaders } from 'node:http'
import { isFault, isParleyError } from '@parley/kernel/errors'
import type { Socket } from 'socket.io'
import { threadsErrors } from '../errors.js'
import {
  NamespaceViolation,
  parseNamespacePath,
  type TenantScope,
  toConnectRefusal,
  toWireError,
} from '../protocol/index.js'
import type { Caller } from '../service/caller.js'
import type { ThreadsDeps } from '../service/deps.js'
import type { HandshakeData } from '../service/options.js'
import type { ThreadsService } from '../service/service.js'

/** What a refused socket is told; the library sends its message and its data. */
export type ConnectError = Error & { data: { code: string; message: string } }

/** The refusal as the library takes it. A fault is told to the operator only. */
export function toConnectError({ onFault }: ThreadsDeps, error: unknown): ConnectError {
  if (isFault(error)) onFault(error, 'threads.connect')
  const wire = toWireError(error)
  const { message, data } = toConnectRefusal(wire.code, wire.message)
  return Object.assign(new Error(message), { data })
}

/**
 * Asks the application who connects. Throws `threads.unauthenticated`, and with namespaces `threads.namespace_invalid`
 * and `threads.namespace_mismatch`.
 */
export async function admit(deps: ThreadsDeps, service: ThreadsService, socket: Socket): Promise<Caller> {
  const caller = await service.authenticate(toHandshakeData(socket)).catch((error: unknown) => {
    // The identity makes no namespace: that matters only when the path does.
    if (isParleyError(error, 'threads.namespace_forbidden')) return undefined
    throw error
  })
  const wanted = parsePath(socket.nsp.name, deps.options.namespaceKeys)
  if (!caller) throw threadsErrors.namespaceMismatch()
  if (Object.entries(wanted).some(([key, value]) => caller.namespace[key] !== value))
    throw threadsErrors.namespaceMismatch()
  return caller
}

function parsePath(path: string, namespaceKeys: readonly string[]): TenantScope {
  try {
    return parseNamespacePath(path, { namespaceKeys })
  } catch (error) {
    if (!(error instanceof NamespaceViolation)) throw error
    throw threadsErrors.namespaceInvalid({ message: error.message })
  }
}

function toHandshakeData({ handshake }: Socket): HandshakeData {
  return { headers: toFlatHeaders(handshake.headers), auth: handshake.auth }
}

function toFlatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, String(value ?? '')] as const)
  return Object.fromEntries(entries)
}
