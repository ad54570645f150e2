// A server of one test, on a free port and in memory, with short names for what tests do all the time.
import { type IncomingHttpHeaders, request as nodeRequest } from 'node:http'
import { createLogger } from '@parley/kernel/telemetry'
import { onTestFinished } from 'vitest'
import { type ParleyServer, startServer } from './compose.js'
import { loadConfig } from './config/load.js'
import type { Config } from './config/schema.js'

export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> }

export type CallOptions = {
  method?: string
  /** An API key; `null` for none. Default: the credential of the command, which may do all. */
  key?: string | null
  body?: unknown
  headers?: Record<string, string>
}

export type TestServer = ParleyServer & {
  call(path: string, options?: CallOptions): Promise<Answer>
  newKey(...scopes: string[]): Promise<{ id: string; key: string }>
  /** A page's handshake; needs `openCreation`. */
  newHandshake(
    body?: object,
  ): Promise<{ sessionId: string; token: string; actionUrl: string; wsUrl: string; notifyUrl: string }>
}

/** Starts a server; it is stopped with the test. */
export async function openServer(overrides: Partial<Config> = {}): Promise<TestServer> {
  const config = loadConfig(
    {},
    { port: 0, databaseUrl: ':memory:', logLevel: 'silent', openCreation: true, ...overrides },
  )
  const server = await startServer({ config, logger: createLogger({ level: 'silent' }) })
  onTestFinished(() => server.stop())
  return { ...server, ...callsOf(server) }
}

function callsOf({ url, controlToken }: ParleyServer) {
  const call = async (
    path: string,
    { method, key = controlToken, body, headers }: CallOptions = {},
  ): Promise<Answer> =>
    toAnswer(
      await fetch(url + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(key !== null && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    )
  return {
    call,
    newKey: async (...scopes: string[]) =>
      (await call('/parley/v1/keys', { body: { name: 'test', scopes } })).body as never,
    newHandshake: async (body: object = {}) =>
      (await call('/handshake/session', { key: null, body })).body as never,
  }
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
}

type RawOptions = { method?: string; headers?: Record<string, string> }
type RawAnswer = { status: number; headers: IncomingHttpHeaders; text: string; isUpgraded: boolean }

/** A request whose path and headers go out as they are: `fetch` would tidy the path and refuse a `Host`. */
export function rawRequest(
  url: string,
  path: string,
  { method = 'GET', headers = {} }: RawOptions = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const request = nodeRequest({ hostname, port, path, method, headers, agent: false })
    request.once('error', reject)
    request.once('upgrade', ({ statusCode, headers }, socket) => {
      socket.destroy()
      resolve({ status: statusCode ?? 0, headers, text: '', isUpgraded: true })
    })
    request.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, isUpgraded: false }),
      )
    })
    request.end()
  })
}

/** Headers of a WebSocket handshake. */
export const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

/** Signs a browser in with the code of an owner link; answers its cookie. */
export async function signIn(
  server: TestServer,
  link: string,
  headers: Record<string, string> = {},
): Promise<{ answer: Answer; cookie: string }> {
  const code = new URL(link).hash.slice('#code='.length)
  const answer = await server.call('/parley/v1/sign-in', { key: null, headers, body: { code } })
  return { answer, cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0]! }
}
