import type { IncomingMessage } from 'node:http'
import { withBearer } from '../service/callers.js'

/** Subprotocol that carries a token, for browsers that keep it out of addresses: `parley.token.<token>`. */
const tokenProtocol = 'parley.token.'

/** Agrees to it; browsers give up on a server that agrees to none of those they offered. */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  return [...offered].find((name) => name.startsWith(tokenProtocol)) ?? false
}

/** An upgrade request as a web request, with a token of its address or subprotocol as a bearer's. */
export function toRequest({ url = '/', headers }: IncomingMessage): Request | undefined {
  const address = `http://${headers.host ?? 'localhost'}${url}`
  if (!URL.canParse(address)) return undefined
  const { searchParams } = new URL(address)
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const inProtocol = offered.find((name) => name.startsWith(tokenProtocol))?.slice(tokenProtocol.length)
  return withBearer(
    new Request(address, { headers: toHeaders(headers) }),
    searchParams.get('token') || inProtocol,
  )
}

function toHeaders(headers: IncomingMessage['headers']): Headers {
  const all = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return all
}
