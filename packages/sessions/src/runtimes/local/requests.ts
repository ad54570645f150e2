// The contract's `Request` and `Response` as data for the link, and back.
import type { HostRequest, HostResponse } from '../../protocol/index.js'
import { runtimeHeaders } from '../port.js'

/** `below`: the path that the request's own is put after. Undefined for a body that is no JSON. */
export async function toHostRequest(request: Request, below = ''): Promise<HostRequest | undefined> {
  const { pathname, searchParams } = new URL(request.url)
  const { method, headers } = request
  const text = method === 'GET' || method === 'HEAD' ? '' : await request.text()
  const body = text === '' ? undefined : fromJson(text)
  if (body === notJson) return undefined
  const key = headers.get(runtimeHeaders.key)
  return {
    method,
    path: `${below}${pathname}`,
    ...(searchParams.size > 0 && { query: Object.fromEntries(searchParams) }),
    ...(body !== undefined && { body }),
    ...(key !== null && { key }),
  }
}

const notJson = Symbol('not JSON')

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return notJson
  }
}

export function toResponse({ status, headers, body }: HostResponse): Response {
  // Others are no answers to HTTP.
  if (status < 200 || status > 599)
    return Response.json({ error: 'Invalid answer of the host' }, { status: 502 })
  if (body === undefined || status === 204 || status === 304)
    return new Response(null, { status, headers: { ...headers } })
  const all = { ...headers, 'content-type': 'application/json' }
  return new Response(JSON.stringify(body), { status, headers: all })
}
