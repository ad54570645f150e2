import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type TestHost, testHost } from '../host.test.support.js'
import { type StandaloneOptions, serveStandalone } from './index.js'

export type TestDoor = {
  host: TestHost
  url: string
  /** Sends JSON; resolves with status, headers and body. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Starts a demo agent. */
  start(sessionId: string, more?: object): Promise<Answer>
  prompt(sessionId: string, text: string): Promise<Answer>
}
export type Answer = { status: number; headers: Headers; body: unknown }

// Runs the build: a real agent.
const demoAgent = fileURLToPath(new URL('../../../dist/demo-agent/main.js', import.meta.url))

export async function testDoor(options: Partial<StandaloneOptions> = {}): Promise<TestDoor> {
  const host = await testHost()
  const door = await serveStandalone({ host, port: 0, ...options })
  onTestFinished(() => door.close())
  const url = `http://127.0.0.1:${door.port}`
  const call: TestDoor['call'] = async (method, path, body, headers) => {
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const response = await fetch(`${url}${path}`, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
  }
  return {
    host,
    url,
    call,
    start: (sessionId, more) =>
      call('POST', `/sessions/${sessionId}/start`, {
        sessionId,
        command: process.execPath,
        args: [demoAgent],
        workspace: host.workspace,
        ...more,
      }),
    prompt: (sessionId, text) => call('POST', `/sessions/${sessionId}/prompt`, { text }),
  }
}

// The cast of its users: frames are looked at by their members.
export type Frame = {
  type: string
  channel?: string
  seq?: number
  event?: { type: string; data: Record<string, unknown> }
}

export type TestSocket = { frames: Frame[]; texts: string[]; send(message: object | string): void }

export async function dialChannels({ url }: TestDoor, path = '/'): Promise<TestSocket> {
  const websocket = new WebSocket(`${url.replace('http', 'ws')}${path}`)
  const frames: Frame[] = []
  const texts: string[] = []
  websocket.on('message', (data) => {
    texts.push(String(data))
    frames.push(JSON.parse(String(data)) as Frame)
  })
  onTestFinished(() => websocket.terminate())
  await once(websocket, 'open')
  const send = (message: object | string) =>
    websocket.send(typeof message === 'string' ? message : JSON.stringify(message))
  return { frames, texts, send }
}

/** A control plane that answers callbacks as it is told. */
export async function controlPlane(answer: (body: { type: string; data: object }) => object) {
  const received: { path: string; type: string; data: object }[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      // The cast: the host sends callbacks of the contract.
      const body = JSON.parse(text) as { type: string; data: object }
      received.push({ path: request.url ?? '', ...body })
      response.end(JSON.stringify(answer(body)))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // The cast: it listens on a port.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/api`, received }
}
