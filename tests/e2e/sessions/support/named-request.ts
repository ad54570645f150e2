// Requests under a name that leads nowhere: the address is one thing and what `Host` says another.
import { type IncomingMessage, request } from 'node:http'

type Named = {
  method?: string
  path: string
  host?: string
  headers?: Record<string, string>
  body?: unknown
}

/** Resolves with the answer, whose body is still to be read. */
export function namedRequest(authority: string, named: Named): Promise<IncomingMessage> {
  const { method = 'GET', path, host = authority, headers = {}, body } = named
  const [hostname, port] = authority.split(':')
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        hostname,
        port,
        method,
        path,
        headers: {
          host,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        agent: false,
      },
      resolve,
    )
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as clients do.
export async function jsonOf(authority: string, named: Named): Promise<{ status: number; body: any }> {
  const answer = await namedRequest(authority, named)
  const text = Buffer.concat(await answer.toArray()).toString('utf8')
  return {
    status: answer.statusCode ?? 0,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  }
}
