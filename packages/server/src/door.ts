import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Handshake } from '@parley/handshake'
import { kernelErrors } from '@parley/kernel/errors'
import { type Fetch, problemResponse } from '@parley/kernel/http'
import { isHostAllowed } from '@parley/kernel/origin'
import { destroyOnError, refuseUpgrade } from '@parley/kernel/socket'
import type { Config } from './config/schema.js'
import { hostsOf } from './hosts.js'

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

type Options = { handshake: Handshake; app: { fetch: Fetch }; config: Config }

/** The one way in: refuses foreign host names, then hands each path to whom it belongs. */
export function createDoor({ handshake, app, config }: Options): { fetch: Fetch; upgrade: Upgrade } {
  const hosts = hostsOf(config)
  return {
    fetch: (request, info) => {
      if (!isHostAllowed(request.headers.get('host'), hosts)) return foreignHost(info.requestId)
      const { pathname } = new URL(request.url)
      return handshake.owns(pathname) ? handshake.fetch(request, info) : app.fetch(request, info)
    },
    upgrade: (request, socket, head) => {
      destroyOnError(socket)
      const isOurs = handshake.owns(request.url ?? '') && isHostAllowed(request.headers.host, hosts)
      if (isOurs) handshake.upgrade(request, socket, head)
      else refuseUpgrade(socket, 400)
    },
  }
}

function foreignHost(requestId: string): Response {
  const message = 'This server does not answer to that host name. Add it to PARLEY_ALLOWED_HOSTS.'
  return problemResponse(kernelErrors.forbidden({ message }), requestId)
}
