import { tokenProtocol } from '../protocol/frames.js'
import type { SessionInfo } from '../protocol/messages.js'

/** The browser key that the server put behind the session's id in `wsUrl`, or undefined on a plain path. */
function browserKeyOf({ wsUrl, sessionId }: Pick<SessionInfo, 'wsUrl' | 'sessionId'>): string | undefined {
  const last = wsUrl.split('?')[0]?.split('/').at(-1)
  return last === undefined || last === '' || last === sessionId ? undefined : last
}

/**
 * Address of the socket, continuing after `after`. The base URL decides between `ws` and `wss`. The token is in it
 * only when `queryToken` says so, for servers of the original line that know no other way.
 */
export function socketUrl(base: string, session: SessionInfo, after: number, queryToken: boolean): string {
  const query = new URLSearchParams({ after: String(after), ...(queryToken && { token: session.token }) })
  return `${base.replace(/^http/i, 'ws')}${session.wsUrl}${session.wsUrl.includes('?') ? '&' : '?'}${query}`
}

/** The token as a subprotocol. On a path with a browser key none is needed, so none is sent. */
export function socketProtocols(session: SessionInfo, queryToken: boolean): string[] {
  return queryToken || browserKeyOf(session) ? [] : [`${tokenProtocol}${session.token}`]
}

/** Headers that prove a page's right to a session; the browser key still does after the token was traded. */
export function pageHeaders(session: SessionInfo): Record<string, string> {
  const key = browserKeyOf(session)
  return { 'X-Handshake-Token': session.token, ...(key && { 'X-Handshake-Browser-Key': key }) }
}
