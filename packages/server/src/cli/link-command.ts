import type { Command } from 'commander'
import { command } from '../auth/principals.js'
import type { Config } from '../config/schema.js'
import { addressOf } from '../hosts.js'
import { ownerLink } from '../http/control-routes.js'
import { print } from './print.js'
import { callServer, withCredentials } from './server-call.js'

/** `parley link`: prints a new owner link. */
export function addLinkCommand(program: Command): void {
  program
    .command('link')
    .description('print a new sign-in link for the owner; it works once, for a day')
    .action(async () => {
      const { url } = await withCredentials<{ url: string }>({
        running: (control) => callServer(control, 'POST', '/parley/v1/owner-links'),
        stopped: async (credentials, config) => {
          const address = addressLater(config)
          return { url: ownerLink(address, await credentials.createOwnerLink(command)) }
        },
      })
      print([url])
    })
}

/** Where the server will be once it runs. */
function addressLater({ publicUrl, host, port }: Config): string {
  if (publicUrl) return publicUrl.replace(/\/+$/, '')
  if (port === 0) throw new Error('no server runs, and PORT=0 names no address; `parley up` prints a link')
  return addressOf(host, port)
}
