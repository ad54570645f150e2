// A connector for tests of the gateway's side: speaks the wire, keeps what it was told, and can be told to misbehave.

import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '@parley/kernel/wire'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { decodeToken } from '../protocol/index.js'

export const gatewayId = 'gw-1'
export const secret = '0f'.repeat(32)

export const descriptorOf = (platform: string, more: object = {}): JsonObject => ({
  contract_version: 1,
  platform,
  label: platform,
  max_message_length: 4096,
  supports_draft_streaming: false,
  supports_edit: true,
  supports_threads: true,
  markdown_dialect: 'plain',
  len_unit: 'chars',
  supported_ops: ['send', 'edit', 'typing', 'follow_up', 'get_chat_info', 'send_media', 'prompt', 'react'],
  ...more,
})

export type StubConnector = {
  url: string
  /** Payload and signature of each dial's token, whether it was good, and the token. */
  dials: { token: string; isGood: boolean }[]
  /** Every frame, of all connections. */
  frames: JsonObject[]
  of(type: string): JsonObject[]
  readonly sockets: Set<WebSocket>
  /** Closes every connection at once with this, before a frame; undefined: lets them in. */
  refusal: [number, string] | undefined
  /** False: hellos are not answered. */
  isTalking: boolean
  hello(frame: JsonObject): JsonObject | undefined
  /** A result, or undefined for none. */
  answer(action: JsonObject, frame: JsonObject): unknown
  /** False: `going_idle` is not acknowledged. */
  acksIdle: boolean
  say(...frames: unknown[]): void
  close(code: number, reason: string): void
  /** Cuts off without a close frame. */
  cut(): void
}

export async function stubConnector(): Promise<StubConnector> {
  const server = createServer()
  const wss = new WebSocketServer({ noServer: true })
  let count = 0
  const self: StubConnector = {
    url: '',
    dials: [],
    frames: [],
    of: (type) => self.frames.filter((frame) => frame.type === type),
    sockets: wss.clients as Set<WebSocket>,
    refusal: undefined,
    isTalking: true,
    hello: ({ platform }) => descriptorOf(String(platform)),
    answer: () => ({ success: true, message_id: String(++count) }),
    acksIdle: true,
    say: (...frames) => {
      for (const socket of self.sockets)
        socket.send(frames.map((frame) => `${JSON.stringify(frame)}\n`).join(''))
    },
    close: (code, reason) => {
      for (const socket of self.sockets) socket.close(code, reason)
    },
    cut: () => {
      for (const socket of self.sockets) socket.terminate()
    },
  }
  const act = (socket: WebSocket, frame: JsonObject) => {
    const send = (answer: JsonObject) => socket.send(`${JSON.stringify(answer)}\n`)
    self.frames.push(frame)
    if (frame.type === 'hello' && self.isTalking) {
      const descriptor = self.hello(frame)
      if (descriptor) send({ type: 'descriptor', descriptor })
    }
    if (frame.type === 'going_idle' && self.acksIdle) send({ type: 'going_idle_ack' })
    if (frame.type !== 'outbound') return
    const { requestId } = frame
    // The cast: the client under test sends objects.
    void Promise.resolve(self.answer(frame.action as JsonObject, frame)).then(
      (result) => result && send({ type: 'outbound_result', requestId, result }),
    )
  }
  server.on('upgrade', (request, socket, head) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    self.dials.push({ token, isGood: request.url === '/relay' && isGood(token) })
    wss.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on('error', () => {})
      if (self.refusal) return websocket.close(...self.refusal)
      websocket.on('message', (data) => {
        for (const line of String(data).split('\n')) if (line) act(websocket, JSON.parse(line))
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of wss.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  // The cast: a server that listens on a port has one.
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return self
}

function isGood(token: string): boolean {
  const decoded = decodeToken(token)
  if (decoded?.payload !== gatewayId) return false
  return createHmac('sha256', secret).update(decoded.signed).digest('hex') === decoded.sig
}
