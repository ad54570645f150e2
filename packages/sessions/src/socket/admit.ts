import type { IncomingMessage } from 'node:http'
import { isParleyError } from '@parley/kernel/errors'
import { clientAddress } from '@parley/kernel/http'
import { mayAct } from '@parley/kernel/origin'
import type { Principal } from '@parley/kernel/principal'
import { toRequest } from './credentials.js'
import type { SocketDeps } from './deps.js'

/** Who comes with an upgrade request, or the HTTP status with which it is refused. */
export type Admission = { visitor: Visitor } | { status: number }

export type Visitor = { by: Principal; remoteAddress: string; request: Request }

type AdmitDeps = Pick<SocketDeps, 'options' | 'fault'>

/** Looks at origin and credential before anything is upgraded. */
export async function admit({ options, fault }: AdmitDeps, incoming: IncomingMessage): Promise<Admission> {
  const { origin, host } = incoming.headers
  const request = toRequest(incoming)
  if (!request) return { status: 400 }
  if (!mayAct({ origin, host }, options)) return { status: 403 }
  const remoteAddress = addressOf(incoming, options)
  try {
    const by = await options.authenticate(request, remoteAddress)
    return by ? { visitor: { by, remoteAddress, request } } : { status: 401 }
  } catch (error) {
    if (isParleyError(error) && error.status < 500) return { status: error.status }
    fault(error)
    return { status: 500 }
  }
}

/** The client's address, behind trusted proxies too. */
export function addressOf(
  { socket, headers }: IncomingMessage,
  { trustedProxies = [] }: Pick<SocketDeps['options'], 'trustedProxies'>,
): string {
  return clientAddress(socket.remoteAddress ?? '', headers, trustedProxies)
}
