import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request as plain } from 'node:http'
import { request as secure } from 'node:https'

/** A request as it goes on the wire. Nothing is added that a check did not ask for, except lengths. */
export interface Sent {
  /** Default `GET`, or `POST` when there is a body. */
  method?: string
  /** Appended to the base URL as text: no normalising, because clients of the protocol do not normalise. */
  path: string
  headers?: OutgoingHttpHeaders
  body?: string | Uint8Array
  /** Sends the body without a length. */
  chunked?: boolean
  /** Milliseconds until the request counts as hung. Default 30,000. */
  deadlineMs?: number
}

/** An answer, read to its end. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** The body as JSON, `undefined` when it is not JSON. */
  json: unknown
}

/** Sends one request on a connection of its own. Rejects when no answer arrives. */
export function send(base: string, sent: Sent): Promise<Answer> {
  const { protocol, hostname, port, pathname } = new URL(base)
  const method = sent.method ?? (sent.body === undefined ? 'GET' : 'POST')
  const path = pathname.replace(/\/+$/, '') + sent.path
  const open = protocol === 'https:' ? secure : plain
  const options = { hostname, port, path, method, headers: headersOf(sent), agent: false }

  return new Promise((resolve, reject) => {
    const call = open(options, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        call.destroy()
        resolve(toAnswer(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks).toString('utf8')))
      })
      incoming.on('error', reject)
    })
    // OUTSIDE: a server that refuses a body may close while we still write; an answer that arrived wins.
    call.on('error', reject)
    call.setTimeout(sent.deadlineMs ?? 30_000, () =>
      call.destroy(new Error(`no answer to ${method} ${path}`)),
    )
    call.end(sent.body)
  })
}

function headersOf(sent: Sent): OutgoingHttpHeaders {
  if (sent.body === undefined) return { ...sent.headers }
  const framing = sent.chunked
    ? { 'Transfer-Encoding': 'chunked' }
    : { 'Content-Length': Buffer.byteLength(sent.body) }
  return { ...framing, ...sent.headers }
}

function toAnswer(status: number, headers: IncomingHttpHeaders, text: string): Answer {
  return { status, headers, text, json: parseJson(text) }
}

/** The value, or `undefined` when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
