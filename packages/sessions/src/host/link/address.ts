// Where a host dials (section 13.1).
import { isAbsolute } from 'node:path'
import { linkPath } from '../../protocol/index.js'
import { HostError } from '../errors.js'

/** `isLocal`: nobody else is on that socket, so the host may dial often. */
export type LinkAddress = { url: string; isLocal: boolean }

/**
 * The address of a link for what an operator wrote: a URL (`http`, `https`, `ws`, `wss`) or the absolute path of a unix
 * socket. Unencrypted only to a loopback name, or when `isInsecureAllowed`. Throws a `HostError`.
 */
export function toLinkAddress(text: string, isInsecureAllowed = false): LinkAddress {
  const trimmed = text.trim()
  if (isAbsolute(trimmed)) return toSocketAddress(trimmed)
  const url = parse(trimmed)
  if (url.protocol === 'ws:' && !isInsecureAllowed && !isLoopback(url.hostname))
    throw new HostError(400, `${url.host} is not this machine: use wss, or allow insecure links`)
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = path.endsWith(linkPath) ? path : `${path}${linkPath}`
  return { url: url.href, isLocal: false }
}

function toSocketAddress(path: string): LinkAddress {
  // OUTSIDE: in a `ws+unix:` address the first colon ends the path of the socket.
  if (/[:?#]/.test(path)) throw new HostError(400, 'The path of a socket holds no colon, ? or #')
  return { url: `ws+unix:${path}:${linkPath}`, isLocal: true }
}

const protocols: Record<string, string> = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }

function parse(text: string): URL {
  const scheme = /^([a-z]+:)\/\//i.exec(text)?.[1]?.toLowerCase() ?? ''
  const wanted = protocols[scheme]
  if (!wanted || !URL.canParse(text))
    throw new HostError(400, 'The address of a server begins with https:// or wss://')
  const url = new URL(`${wanted}${text.slice(scheme.length)}`)
  if (url.username || url.password) throw new HostError(400, 'The address of a server holds no password')
  url.hash = ''
  url.search = ''
  return url
}

function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '')
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name)
  )
}
