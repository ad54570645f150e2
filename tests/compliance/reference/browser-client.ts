import type { Context } from '../core/check.js'
import { ok } from '../core/expect.js'
import type { Line } from '../core/line.js'
import type { Created } from '../core/session.js'

/**
 * The requests of the original browser client, in a page of the server's own origin: cookies and an `Origin`
 * go along, and every URL of the create answer is appended to the base verbatim.
 */
export interface BrowserClient {
  readonly session: Created
  connect(): Promise<Line>
  /** Over the socket while it is open, else by `notifyUrl`. */
  notifyUserEdit(key: string, value: unknown, line?: Line): Promise<void>
  buildPrompt(title?: string): string
}

export async function openPage(context: Context, request: object): Promise<BrowserClient> {
  const origin = new URL(context.url).origin
  const page = { Origin: origin, Cookie: 'service-login=1', Referer: `${origin}/form` }
  const headers = { 'Content-Type': 'application/json', Accept: '*/*', ...page }
  const body = JSON.stringify(request)
  const session = ok<Created>(await context.send({ path: '/handshake/session', headers, body }))

  return {
    session,
    async connect() {
      const path = `${session.wsUrl}?token=${encodeURIComponent(session.token)}`
      const line = await context.line(path, { headers: page })
      await line.next('connected')
      return line
    },
    async notifyUserEdit(key, value, line) {
      if (line && line.closed === undefined) return line.send({ type: 'userEdit', key, value })
      ok(await context.send({ path: session.notifyUrl, headers, body: JSON.stringify({ key, value }) }))
    },
    buildPrompt: (title = 'Handshake Prompt') => promptText(context.url, session, title),
  }
}

function promptText(baseUrl: string, session: Created, title: string): string {
  return [
    `# ${title}`,
    '',
    '## Credentials',
    `- sessionId: ${session.sessionId}`,
    `- token: ${session.token}`,
    `- baseUrl: ${baseUrl}`,
    `- expiresIn: ${session.expiresIn}s`,
    '',
    '## Usage',
    `1. GET ${baseUrl}${session.contextUrl} with header X-Handshake-Token`,
    `2. POST ${baseUrl}${session.actionUrl}`,
    '',
    "## Waiting for user's request...",
  ].join('\n')
}
