import { type AttachedRuntime, type HostLinks, runtimeHeaders } from './runtimes/port.js'

/** The token of the host `h1`. */
export const linkToken = 'x'.repeat(32)

/** A runtime whose host `h1` dials the plane's own door for sockets. `register` lets it in before a session is wanted. */
export function linkedRuntime(): { runtime: AttachedRuntime; register(): Promise<void> } {
  let links: HostLinks | undefined
  const register = async () => links!.register({ hostId: 'h1', name: 'host', token: linkToken })
  const runtime: AttachedRuntime = {
    onlyOne: true,
    attach: (context) => {
      links = context.links
    },
    hostOf: async () => {
      await register()
      return 'h1'
    },
    fetchSession: async (sessionId, request) => {
      const { pathname } = new URL(request.url)
      const text = await request.text()
      const key = request.headers.get(runtimeHeaders.key)
      const answer = await links!.request('h1', {
        method: request.method,
        path: `/sessions/${sessionId}${pathname}`,
        ...(text !== '' && { body: JSON.parse(text) }),
        ...(key !== null && { key }),
      })
      const { status, headers, body } = answer
      return Response.json(body ?? {}, { status, ...(headers && { headers }) })
    },
  }
  return { runtime, register }
}
