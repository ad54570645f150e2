import type { IncomingMessage } from 'node:http'

/** What body parsers leave on a request. */
type ParsedMessage = IncomingMessage & { body?: unknown; rawBody?: unknown }

/**
 * When a framework's body parser has read the body, writes the parsed value back as `rawBody`, which node-server
 * takes in place of the stream. Does nothing when the stream is still unread.
 */
export function restoreBody(incoming: ParsedMessage): void {
  if (incoming.rawBody instanceof Buffer || !incoming.readableEnded) return
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return
  incoming.rawBody = toBytes(incoming.body, incoming.headers['content-type'] ?? '')
}

function toBytes(body: unknown, contentType: string): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0)
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string' && !isJson(contentType)) return Buffer.from(body)
  if (contentType.startsWith('application/x-www-form-urlencoded')) return Buffer.from(toForm(body))
  return Buffer.from(JSON.stringify(body))
}

const isJson = (contentType: string): boolean => /^application\/([\w.-]+\+)?json\b/i.test(contentType)

function toForm(body: unknown): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(Object(body)))
    for (const item of Array.isArray(value) ? value : [value]) form.append(name, String(item))
  return form.toString()
}
