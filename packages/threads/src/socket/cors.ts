// Which pages may connect (contract 4), for Engine.IO.
import type { IncomingMessage } from 'node:http'
import { type FromPage, grantTo, mayAct } from '@parley/kernel/origin'
import type { ServerOptions } from 'engine.io'
import type { ResolvedOptions } from '../service/options.js'

/** Refuses connections of strange pages with 403, and scripts; allowed pages may read what long polling answers. */
export function corsOptions(options: ResolvedOptions): Pick<ServerOptions, 'allowRequest' | 'cors'> {
  return {
    allowRequest: (request, done) => done(null, !isScript(request) && mayAct(pageOf(request), options)),
    cors: (request, done) => {
      const grant = grantTo(pageOf(request), options)
      // False means: no headers at all, and the origin still varies.
      done(null, grant ? { origin: true, credentials: grant.credentials } : { origin: false })
    },
  }
}

/**
 * OUTSIDE: the engine still answers long polling as a script to whoever asks with `j`. Any page can load one: its request
 * names no origin, and its answer, the name of the connection included, is handed to that page.
 */
function isScript({ url = '' }: IncomingMessage): boolean {
  return new URL(url, 'http://door').searchParams.has('j')
}

function pageOf({ headers }: Pick<IncomingMessage, 'headers'>): FromPage {
  return { origin: headers.origin, host: headers.host }
}
