// A whole sessions plane on a free port: its own database, the local host process, demo agents.
import { once } from 'node:events'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Principal } from '@parley/kernel/principal'
import { createSessions, type Sessions, type SessionsOptions } from '@parley/sessions'
import { localRuntime } from '@parley/sessions/runtimes'
import { eventually } from '@parley/testkit'
import { root } from '../../../architecture/checkout.js'
import { openPeer, type Peer, type PeerOptions } from './peer.js'

/** The demo agent as a program that a session may be made of. It runs on the build. */
export const demoSpawn = (...args: string[]) => ({
  command: process.execPath,
  args: [join(root, 'packages/sessions/dist/demo-agent/main.js'), ...args],
})

const person = (id: string, org: string, ...scopes: string[]): Principal => ({
  kind: 'user',
  id,
  name: id,
  tenant: { org },
  scopes,
})

/** People by the name that is their token: alice may do everything in org A, bob uses sessions only, dave is of org B. */
const people: Readonly<Record<string, Principal>> = {
  alice: person('alice', 'A', '*'),
  bob: person('bob', 'A', 'sessions:use'),
  dave: person('dave', 'B', '*'),
}

export type Answer = {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as clients do.
  body: any
  text: string
  headers: Headers
}

export type CallOptions = { as?: string; headers?: Record<string, string> }

export type Stage = {
  sessions: Sessions
  /** `http://127.0.0.1:4711`. */
  origin: string
  /** `127.0.0.1:4711`. */
  authority: string
  /** Directory of sessions that name none, without symlinks in its own path. */
  cwd: string
  faults: unknown[]
  /** Calls a route below `/api`; a text goes as it is, anything else as JSON. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>
  /** Starts a session of the demo agent; answers its id. */
  session(more?: Record<string, unknown>): Promise<string>
  prompt(id: string, text: string): Promise<Answer>
  /** All events of a session, as REST has them. */
  logs(id: string): Promise<{ type: string; data: Record<string, unknown>; timestamp: string }[]>
  /** Opens a socket as alice. */
  dial(path?: string, options?: PeerOptions): Promise<Peer>
  close(how?: { sessions?: 'terminate' }): Promise<void>
}

export type StageOptions = Partial<SessionsOptions> & {
  /** Port to listen on; default any. */
  port?: number
  /** Data directory of the local host; it then outlives the stage. */
  dataDir?: string
  cwd?: string
  /** False: nobody needs a token. Default true. */
  hasTokens?: boolean
}

/** Opens everything; the caller closes it. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { port = 0, dataDir, cwd: given, hasTokens = true, ...rest } = options
  const cwd = given ?? (await realpath(await mkdtemp(join(tmpdir(), 'parley-e2e-'))))
  const faults: unknown[] = []
  const sessions = createSessions({
    authenticate: ({ headers }) => {
      const name = hasTokens ? (headers.get('authorization')?.replace(/^Bearer /, '') ?? '') : 'alice'
      return Object.hasOwn(people, name) ? people[name]! : null
    },
    runtimes: { local: localRuntime({ cwd, roots: [cwd], ...(dataDir !== undefined && { dataDir }) }) },
    onFault: (error, where) => faults.push({ where, error }),
    ...rest,
  })
  await sessions.ready
  const server = createServer((request, response) => void sessions.node(request, response))
  server.on('upgrade', sessions.upgrade)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  // The cast: it listens on a port.
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const peers: Peer[] = []
  const call = caller(`http://${authority}`)
  return {
    sessions,
    origin: `http://${authority}`,
    authority,
    cwd,
    faults,
    call,
    session: async (more = {}) => {
      const answer = await call('POST', '/agents', { spawn: demoSpawn(), ...more })
      if (answer.status !== 201) throw new Error(`no session: ${answer.status} ${answer.text}`)
      return answer.body.id
    },
    prompt: (id, text) => call('POST', `/agents/${id}/prompts`, { text }),
    logs: async (id) => (await call('GET', `/agents/${id}`)).body.logs,
    dial: async (path = '/ws', peerOptions = {}) => {
      const headers = { authorization: 'Bearer alice', ...peerOptions.headers }
      const peer = await openPeer(`ws://${authority}${path}`, { ...peerOptions, headers })
      peers.push(peer)
      return peer
    },
    close: async (how = { sessions: 'terminate' }) => {
      for (const peer of peers) peer.terminate()
      const closed = new Promise((resolve) => server.close(resolve))
      await sessions.stop(how)
      server.closeAllConnections()
      await closed
      if (given === undefined) await rm(cwd, { recursive: true, force: true })
    },
  }
}

/** Calls routes of one origin, as alice unless it is said otherwise; `as: ''` has no token. */
export function caller(origin: string): Stage['call'] {
  return async (method, path, body, { as = 'alice', headers = {} } = {}) => {
    const hasBody = body !== undefined
    const response = await fetch(`${origin}/api${path}`, {
      method,
      headers: {
        ...(as && { authorization: `Bearer ${as}` }),
        ...(hasBody && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(hasBody && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      body: isJson ? JSON.parse(text) : text,
      text,
      headers: response.headers,
    }
  }
}

/** What an agent said in answer to a prompt, put together from the events of a session. */
export function saidIn(logs: readonly { data: Record<string, unknown> }[]): string {
  return logs.map(({ data }) => chunkIn(data) ?? '').join('')
}

/** The text of one piece of an answer. */
export function chunkIn(data: Record<string, unknown>): string | undefined {
  // The cast: what is looked for is in there or not.
  const { payload } = data as {
    payload?: { update?: { sessionUpdate?: string; content?: { text?: string } } }
  }
  const update = payload?.update
  return update?.sessionUpdate === 'agent_message_chunk' ? update.content?.text : undefined
}

/** Prompts, waits for the turn and answers what the agent said in it. */
export async function ask(stage: Stage, id: string, text: string): Promise<string> {
  const before = (await stage.logs(id)).length
  const { status, text: answer } = await stage.prompt(id, text)
  if (status !== 200) throw new Error(`prompt: ${status} ${answer}`)
  return saidIn((await stage.logs(id)).slice(before))
}

/** Starts a turn that goes on until it is cancelled, and waits until it runs. */
export async function startTurn(
  stage: Stage,
  id: string,
  text = 'wait',
): Promise<{ ended: Promise<Answer>; cancel(): Promise<Answer> }> {
  const ended = stage.prompt(id, text)
  await eventually(async () => (await stage.call('GET', `/agents/${id}/status`)).body.processing)
  return { ended, cancel: () => stage.call('POST', `/agents/${id}/cancel`) }
}
