import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Clock, systemClock } from '@parley/kernel/ids'
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { HostResponse, RpcData } from '../../protocol/index.js'
import type { Environment } from '../agent/index.js'
import type { HostEvent } from '../port.js'
import { createMatcher } from '../router/match.js'
import { createAgentTerminals } from '../terminal/index.js'
import { type HostSessionsOptions, type OpenedSessions, openHostSessions } from './open-sessions.js'

/** The built demo agent. */
export const demoAgent = fileURLToPath(new URL('../../../dist/demo-agent/main.js', import.meta.url))

// biome-ignore lint/suspicious/noExplicitAny: what it is, the expectations say.
export type Wire = any

export type Answer = { status: number; body: Wire }

export type TestHostOptions = Omit<Partial<HostSessionsOptions>, 'events'>

/** A new directory, removed after the test. */
export async function tempDir(): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'parley-sessions-')))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** A host's sessions with a recording spool. */
export class TestHost {
  readonly events: HostEvent[] = []
  readonly faults: unknown[] = []
  readonly dir: string
  sessions!: OpenedSessions
  #room: { promise: Promise<void>; open(): void } | undefined

  private constructor(dir: string) {
    this.dir = dir
  }

  static async open(options: TestHostOptions = {}, dir?: string): Promise<TestHost> {
    const host = new TestHost(dir ?? (await tempDir()))
    await host.#open(options)
    return host
  }

  async #open(options: TestHostOptions): Promise<void> {
    const clock: Clock = options.clock ?? systemClock
    const events = {
      emit: (event: HostEvent) => void this.events.push(structuredClone(event)),
      signal: () => undefined,
      room: () => this.#room?.promise,
      synced: async () => undefined,
    }
    this.sessions = await openHostSessions({
      dataDir: join(this.dir, 'data'),
      openTerminals: createAgentTerminals({ events, clock }).open,
      onFault: (error) => this.faults.push(error),
      ...options,
      limits: { graceMs: 200, ...options.limits },
      events,
    })
    onTestFinished(() => this.sessions.close())
  }

  /** Fills the spool until the function that comes back is called. */
  fill(): () => void {
    let open: () => void = () => undefined
    const promise = new Promise<void>((resolve) => {
      open = resolve
    })
    const empty = () => {
      this.#room = undefined
      open()
    }
    this.#room = { promise, open: empty }
    return empty
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const match = createMatcher(this.sessions.routes)(method, path)
    if (!match) throw new Error(`No route for ${method} ${path}`)
    const answer: HostResponse = await match.handler({ method, path, body, params: match.params })
    return { status: answer.status, body: answer.body }
  }

  /** Starts the demo agent as the session `s1`. */
  start(args: readonly string[] = [], more: Record<string, unknown> = {}, id = 's1'): Promise<Answer> {
    const spawn = { command: process.execPath, args: [demoAgent, ...args], workspace: this.dir }
    return this.call('POST', `/sessions/${id}/start`, { ...spawn, ...more })
  }

  /** Prompts `s1` and waits for the end of the turn; resolves with what the agent said. */
  async say(text: string): Promise<string> {
    const from = this.events.length
    const { body } = await this.call('POST', '/sessions/s1/prompt', { text })
    await this.turnEnded(body.turnId ?? body.queueId)
    return textOf(this.events.slice(from))
  }

  prompt(text: string): Promise<Answer> {
    return this.call('POST', '/sessions/s1/prompt', { text })
  }

  /** The data of the turn's `session/prompt` response. */
  turnEnded(turnId: string): Promise<RpcData> {
    return eventually(() => this.rpc().find((data) => data.turnId === turnId && data.phase === 'response'))
  }

  of(type: string): Wire[] {
    return this.events.filter((event) => event.type === type).map(({ data }) => data)
  }

  rpc(): RpcData[] {
    return this.of('rpc')
  }

  until(type: string, count = 1): Promise<Wire[]> {
    return eventually(() => this.of(type).length >= count && this.of(type))
  }

  async record(id = 's1'): Promise<Wire> {
    return JSON.parse(await readFile(join(this.dir, 'data/sessions', `${id}.json`), 'utf8'))
  }
}

/** What the agent said, put together. */
export function textOf(events: readonly HostEvent[]): string {
  return events
    .filter(({ type, data }) => type === 'rpc' && data.method === 'session/update')
    .map(({ data }) => (data as Wire).payload.update)
    .map((update) => (update.sessionUpdate === 'agent_message_chunk' ? update.content.text : ''))
    .join('')
}

/** Everything in order, in short: `rpc session/prompt request`, `permission_request` … */
export function shortly(events: readonly HostEvent[]): string[] {
  return events.map(({ type, data }) => (type === 'rpc' ? `${data.method} ${data.phase}` : type))
}

/** True while the process runs. */
export async function runs(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return text !== '' && !/\) [ZX] /.test(text)
}

export const noEnvironment: Environment = { PATH: process.env.PATH }

/**
 * Writes an agent without the SDK: `onPrompt(id, text)` is the given code; it has `send(message)`, `write(text)`,
 * `update(text)` (a notification as an object) and `onMessage` for whatever else comes.
 */
export async function rawAgent(dir: string, code: string, handshake = ''): Promise<readonly string[]> {
  const path = join(dir, 'raw-agent.mjs')
  await writeFile(
    path,
    `
import { createInterface } from 'node:readline'
const write = (text) => process.stdout.write(text)
const line = (message) => JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n'
const send = (message) => write(line(message))
const update = (text) => ({ method: 'session/update', params: { sessionId: 'raw', update: {
  sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } } })
let onMessage = () => {}
const onPrompt = async (id, text) => { ${code} }
createInterface({ input: process.stdin }).on('line', (text) => {
  const message = JSON.parse(text)
  ${handshake}
  if (message.method === 'initialize') send({ id: message.id, result: { protocolVersion: 1 } })
  else if (message.method === 'session/new') send({ id: message.id, result: { sessionId: 'raw' } })
  else if (message.method === 'session/prompt') onPrompt(message.id, message.params.prompt[0].text)
  else onMessage(message)
}).on('close', () => process.exit(0))
`,
  )
  return [path]
}
