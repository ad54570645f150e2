import { operatorRoot, operatorStream, RelayKind } from '../protocol/index.js'
import { toRefusal } from './refusal.js'
import { RelayClientError } from './relay-client-error.js'
import type { RelayClientOptions, RelayNews, WatchQuery } from './types.js'

/** One connection to the stream of what to read anew. */
export async function* watch(
  options: RelayClientOptions,
  { tenant, signal }: WatchQuery,
): AsyncGenerator<RelayNews> {
  try {
    const response = await open(options, tenant, signal)
    if (!response.ok) throw toRefusal(response.status, response.headers, await bodyOf(response))
    if (!response.body) throw new RelayClientError('invalid_response', 'the server answered without a stream')
    for await (const text of eventsOf(response.body)) {
      const news = newsOf(text)
      if (news) yield news
    }
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof RelayClientError) throw error
    throw new RelayClientError('network', 'the stream broke', { cause: error })
  }
  if (!signal.aborted) throw new RelayClientError('network', 'the stream ended')
}

async function open(
  { baseUrl = '', token, fetch = globalThis.fetch }: RelayClientOptions,
  tenant: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const bearer = typeof token === 'function' ? await token() : token
  const query = tenant === undefined ? '' : `?${new URLSearchParams({ tenant })}`
  return fetch(baseUrl.replace(/\/+$/, '') + operatorRoot + operatorStream.path + query, {
    method: operatorStream.method,
    headers: {
      Accept: 'text/event-stream',
      ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
    },
    // The same rules as for every other call.
    credentials: token === undefined ? 'include' : 'same-origin',
    redirect: 'error',
    signal,
  })
}

const bodyOf = (response: Response): Promise<unknown> => response.json().catch(() => undefined)

/** LIMIT: an event of this stream is a line of some bytes; whatever grows beyond is none of ours. */
const longest = 65_536

/** The texts between empty lines. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      if (rest.length > longest) throw new RelayClientError('invalid_response', 'the stream holds no events')
      yield* parts
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Undefined for comments, and for kinds that this version does not know. */
function newsOf(text: string): RelayNews | undefined {
  const fields = new Map(
    text.split('\n').map((line): [string, string] => {
      const at = line.indexOf(': ')
      return [line.slice(0, at), line.slice(at + 2)]
    }),
  )
  if (fields.get('event') === 'ready') return 'ready'
  if (fields.get('event') !== 'relay') return undefined
  return RelayKind.safeParse(kindIn(fields.get('data') ?? '')).data
}

function kindIn(data: string): unknown {
  try {
    // The cast: whatever it is, its kind is checked.
    return (JSON.parse(data) as { kind?: unknown } | null)?.kind
  } catch {
    return undefined
  }
}
