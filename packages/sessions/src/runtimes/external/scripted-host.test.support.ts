import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type FakeEvent, FakeHost } from '../fake/index.js'

/** `a`: queue, callbacks, one socket per session without numbers. `b`: channels and numbers, no queue, no callbacks. */
export type Generation = 'a' | 'b'

export type ScriptedHost = {
  url: string
  host: FakeHost
  /** `METHOD path` of every request, in order. */
  requests: string[]
  /** Headers of the last request. */
  lastHeaders(): IncomingMessage['headers']
  /** Every subscription, as it came. */
  subscriptions: { channel: string; since?: number }[]
  /** Cuts every socket. */
  cut(): void
  sockets(): number
  /** Path of the socket address that starts answer with; absent: they name none. */
  socketPath?: string
  /** Answers requests itself while it is set. */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean
  close(): Promise<void>
}

/** A host of the original over real HTTP and WebSocket, on this machine; sessions are those of `FakeHost`. */
export async function openScriptedHost(generation: Generation): Promise<ScriptedHost> {
  const seen: { requests: string[]; headers: IncomingMessage['headers'] } = { requests: [], headers: {} }
  const callbackUrls = new Map<string, string>()
  const isOld = generation === 'a'
  const host = new FakeHost({
    hasQueue: isOld,
    now: () => Date.UTC(2026, 0, 1),
    ...(isOld && {
      askFirst: async (sessionId, data) =>
        (await callBack(callbackUrls.get(sessionId), sessionId, { type: 'permission_request', data })) ?? {
          deferred: true,
        },
    }),
  })
  const server = createServer((request, response) => {
    seen.requests.push(`${request.method} ${request.url}`)
    seen.headers = request.headers
    if (scripted.intercept?.(request, response)) return
    answer({ host, callbackUrls, websocketUrl: websocketUrl() }, request, response).catch(() =>
      response.destroy(),
    )
  })
  const websocketUrl = () =>
    scripted.socketPath === undefined
      ? undefined
      : `${scripted.url.replace('http', 'ws')}${scripted.socketPath}`
  const wss = new WebSocketServer({ server })
  const subscriptions: ScriptedHost['subscriptions'] = []
  wss.on('connection', (socket, request) => {
    if (generation === 'b') speakChannels(host, socket, subscriptions)
    else speakSession(host, socket, request.url?.split('/').at(-1) ?? '')
  })
  if (isOld) tellBack(host, callbackUrls)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: it listens on a port.
  const { port } = server.address() as AddressInfo
  const scripted: ScriptedHost = {
    url: `http://127.0.0.1:${port}`,
    host,
    requests: seen.requests,
    lastHeaders: () => seen.headers,
    subscriptions,
    sockets: () => wss.clients.size,
    cut: () => {
      for (const client of wss.clients) client.terminate()
    },
    close: async () => {
      for (const client of wss.clients) client.terminate()
      wss.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return scripted
}

type Answering = { host: FakeHost; callbackUrls: Map<string, string>; websocketUrl: string | undefined }

async function answer(
  { host, callbackUrls, websocketUrl }: Answering,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const [, sessionId, rest] = /^\/sessions\/([^/]+)(\/.*)$/.exec(incoming.url ?? '') ?? []
  if (rest === '/start') callbackUrls.set(decodeURIComponent(sessionId ?? ''), JSON.parse(text).callbackUrl)
  const init = { method: incoming.method, ...(text !== '' && { body: text }) }
  const given =
    sessionId === undefined
      ? await host.fetchInstance(new Request(`http://host${incoming.url}`, init))
      : await host.fetchSession(decodeURIComponent(sessionId), new Request(`http://host${rest}`, init))
  const body = await given.json()
  const whole = rest === '/start' && given.ok && websocketUrl !== undefined ? { ...body, websocketUrl } : body
  response.writeHead(given.status, { 'content-type': 'application/json' }).end(JSON.stringify(whole))
}

function speakChannels(
  host: FakeHost,
  socket: WebSocket,
  subscriptions: ScriptedHost['subscriptions'],
): void {
  let sessionId: string | undefined
  const send = (one: FakeEvent) => {
    if (one.sessionId !== sessionId) return
    const frame = { type: 'event', channel: `session:${sessionId}`, agentId: sessionId, ...one }
    socket.send(JSON.stringify(frame))
  }
  socket.on('message', (data) => {
    const { action, channel, since } = JSON.parse(String(data))
    if (action !== 'subscribe') return
    subscriptions.push({ channel, since })
    sessionId = channel.slice('session:'.length)
    for (const one of host.eventsOf(sessionId ?? '', since ?? 0)) send(one)
    socket.send(JSON.stringify({ type: 'subscribed', channel }))
  })
  const stop = host.onEvent(send)
  socket.on('close', stop)
  socket.send(JSON.stringify({ type: 'connected', connectionId: 'ws-001' }))
}

/** The whole history, then live; no numbers. */
function speakSession(host: FakeHost, socket: WebSocket, sessionId: string): void {
  const send = ({ sessionId: of, event }: FakeEvent) => {
    if (of === sessionId) socket.send(JSON.stringify({ type: 'event', timestamp: event.timestamp, event }))
  }
  socket.send(JSON.stringify({ type: 'connected', sessionId }))
  for (const one of host.eventsOf(sessionId)) send(one)
  const stop = host.onEvent(send)
  socket.on('close', stop)
}

/** What a host of the older generation tells the control plane beside its events. */
function tellBack(host: FakeHost, callbackUrls: Map<string, string>): void {
  host.onEvent(({ sessionId, event }) => {
    const told = toCallback(event)
    if (told) void callBack(callbackUrls.get(sessionId), sessionId, told)
  })
}

/** Nothing when the control plane did not answer well: hosts don't mind. */
async function callBack(url: string | undefined, sessionId: string, told: { type: string; data: unknown }) {
  if (!url) return undefined
  const answer = await fetch(`${url}/agents/${sessionId}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(told),
  }).catch(() => undefined)
  return answer?.ok ? await answer.json() : undefined
}

function toCallback({ type, data }: FakeEvent['event']): { type: string; data: unknown } | undefined {
  if (type === 'session.terminated') return { type: 'session_end', data: { exitCode: data.exitCode } }
  if (type === 'error') return { type, data }
  const isEnd = type === 'rpc' && data.method === 'session/prompt' && data.phase === 'response'
  return isEnd ? { type: 'end_turn', data: { promptResponse: data.payload } } : undefined
}
