import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../config/schema.js'
import { serverErrors } from '../errors.js'
import { addressOf } from '../hosts.js'

/** Listens and answers where; throws `server.port_in_use` or `server.cannot_listen` with what to do. */
export function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(toRefusal(error, host, port))
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      // The cast: a server that listens on a port has an address with one.
      resolve(addressOf(host, (server.address() as AddressInfo).port))
    })
  })
}

function toRefusal(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is taken by another program. Stop it, or choose another with PORT or --port.`
    return serverErrors.portInUse({ message, cause })
  }
  return serverErrors.cannotListen({
    message: `Cannot listen on ${host}, port ${port} (${cause.code}). Check HOST and PORT.`,
    cause,
  })
}
