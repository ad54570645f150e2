// What hosts of the original leave out, and clients can't do without.

import { toOwnSocket, toWebsocketUrl } from './address.js'

/** The answer to a start, with the host's addresses. */
export async function toCompleteStart(
  answer: Response,
  { baseUrl, sessionId }: { baseUrl: string; sessionId: string },
): Promise<Response> {
  return changed(answer, (body) => ({
    sessionId,
    ...body,
    hostUrl: baseUrl,
    websocketUrl:
      typeof body.websocketUrl === 'string'
        ? toOwnSocket(baseUrl, body.websocketUrl)
        : toWebsocketUrl(baseUrl),
  }))
}

/** A listing whose entries are a list, also when there are none. */
export const toCompleteSnapshot = (answer: Response): Promise<Response> =>
  changed(answer, (body) => (Array.isArray(body.entries) ? body : { ...body, entries: [] }))

async function changed(
  answer: Response,
  change: (body: Record<string, unknown>) => Record<string, unknown>,
): Promise<Response> {
  const { status, headers } = answer
  const text = await answer.text()
  const body = toObject(text)
  return body ? Response.json(change(body), { status }) : new Response(text, { status, headers })
}

function toObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // The cast: it is looked at right here.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
