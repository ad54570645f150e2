// HTTP requests as requests of the host contract.
import type { IncomingMessage } from 'node:http'
import type { HostRequest } from '../../protocol/index.js'
import { HostError } from '../errors.js'

const maxBodyBytes = 1024 * 1024

/** Refuses bodies that are too large (413, before they are read whole) or no JSON (400). */
export async function toHostRequest(request: IncomingMessage): Promise<HostRequest> {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/')
  const body = await readBody(request)
  return {
    method: request.method ?? 'GET',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    ...(body !== undefined && { body }),
  }
}

function splitOnce(url: string): string[] {
  const at = url.indexOf('?')
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)]
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  // The cast: no encoding is set, so chunks are bytes.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new HostError(413, 'Body too large')
    chunks.push(chunk)
  }
  if (bytes === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new HostError(400, 'Invalid JSON body')
  }
}

const legacy = /^\/(start|prompt|terminate|permissions\/[^/]+)$/

/**
 * Un-prefixed paths act on the first session (section 4); `/terminate` on all of them. Paths of the contract are passed
 * on. `firstSession`: the id for a start, and of what is running.
 */
export function withoutLegacy(request: HostRequest, sessions: readonly string[]): HostRequest[] {
  if (request.method !== 'POST' || !legacy.test(request.path)) return [request]
  const to = (sessionId: string) => ({
    ...request,
    path: `/sessions/${encodeURIComponent(sessionId)}${request.path}`,
  })
  if (request.path === '/terminate') return sessions.map(to)
  if (request.path === '/start') return [to(startedId(request.body))]
  const [first] = sessions
  if (first === undefined) throw new HostError(404, 'Session not found')
  return [to(first)]
}

function startedId(body: unknown): string {
  const named = typeof body === 'object' && body !== null && 'sessionId' in body ? body.sessionId : undefined
  if (typeof named !== 'string' || named === '') throw new HostError(400, 'Missing sessionId')
  return named
}
