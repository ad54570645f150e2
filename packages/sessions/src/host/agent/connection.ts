import type { Writable } from 'node:stream'
import { type AnyMessage, type ClientConnection, client } from '@agentclientprotocol/sdk'
import type { AgentProcess } from './agent-process.js'
import { answerFiles } from './client-files.js'
import { type AskPermission, answerPermissions } from './client-permissions.js'
import { answerTerminals, type TerminalsOptions } from './client-terminals.js'
import { readLines } from './reader.js'
import { type AgentHooks, parseMessage, Traffic } from './traffic.js'

/** What is written to an agent that does not read; beyond it the agent is not read either. */
const maxUnreadBytes = 32 * 1024 * 1024

export type ConnectionOptions = {
  process: AgentProcess
  hooks: AgentHooks
  /** The session's workspace, absolute. */
  cwd: string
  terminals: TerminalsOptions
  askPermission: AskPermission
  /** As in `HostEvents`. */
  room(): Promise<void> | undefined
  /** Runs when the agent says no more, before open requests are rejected. */
  onEnd(): void
}

/** ACP with one agent (section 9). */
export interface AgentConnection {
  /** Resolves with the result as the agent gave it; rejects with a `RequestError`, or when the connection ends. */
  request(method: string, params: unknown): Promise<unknown>
  notify(method: string, params: unknown): Promise<void>
  /** False once the agent says no more. */
  readonly isOpen: boolean
  /** Resolves when the last line was read. */
  readonly ended: Promise<void>
  /** Stops reading. */
  close(): void
}

export function connectAgent(options: ConnectionOptions): AgentConnection {
  const { process, hooks, cwd } = options
  const traffic = new Traffic(hooks)
  const stop = new AbortController()
  const incoming = readableOf(options, traffic, stop.signal)
  const writable = new WritableStream<AnyMessage>({
    write: (message) => {
      traffic.toAgent(message)
      write(process.stdin, message)
    },
  })
  const app = client({ name: 'parley' })
  answerFiles(app, cwd)
  answerTerminals(app, cwd, options.terminals)
  answerPermissions(app, options.askPermission)
  const connection = app.connect({ readable: incoming.readable, writable })
  return handle(connection, incoming, stop)
}

type Incoming = { readable: ReadableStream<AnyMessage>; ended: Promise<void>; isAtEnd: boolean }

function handle(connection: ClientConnection, incoming: Incoming, stop: AbortController): AgentConnection {
  return {
    request: (method, params) => connection.agent.request<unknown, unknown>(method, params),
    notify: (method, params) => connection.agent.notify<unknown>(method, params),
    get isOpen() {
      return !incoming.isAtEnd
    },
    ended: incoming.ended,
    close: () => stop.abort(),
  }
}

/** What the agent writes, without what only we want to know. */
function readableOf(
  { process, hooks, room, onEnd }: ConnectionOptions,
  traffic: Traffic,
  signal: AbortSignal,
): Incoming {
  // The cast: `start` runs before the constructor returns.
  let controller = undefined as unknown as ReadableStreamDefaultController<AnyMessage>
  const readable = new ReadableStream<AnyMessage>({
    start: (it) => {
      controller = it
    },
  })
  const onLine = (line: string) => {
    const message = parseMessage(line)
    if (!message) return process.output.add(`${line}\n`)
    const verdict = traffic.fromAgent(message, line.length)
    if (verdict === 'handle') controller.enqueue(message)
    if (verdict === 'refuse') refuse(process.stdin, message)
  }
  const reading = readLines(process.stdout, {
    onLine,
    onTooLong: () => hooks.onTooLongLine(),
    room: () => room() ?? drained(process.stdin),
    signal,
  })
  const incoming: Incoming = { readable, isAtEnd: false, ended: Promise.resolve() }
  incoming.ended = reading.then(() => {
    incoming.isAtEnd = true
    onEnd()
    controller.close()
  })
  return incoming
}

function write(stdin: Writable, message: unknown): void {
  if (stdin.writable) stdin.write(`${JSON.stringify(message)}\n`)
}

/** Undefined while the agent reads what it is sent. */
function drained(stdin: Writable): Promise<void> | undefined {
  if (stdin.writableLength <= maxUnreadBytes) return undefined
  return new Promise((resolve) => {
    stdin.once('drain', resolve)
    stdin.once('close', resolve)
  })
}

function refuse(stdin: Writable, message: AnyMessage): void {
  if (!('id' in message)) return
  const error = { code: -32000, message: 'Too many requests are open, or one with this id is.' }
  write(stdin, { jsonrpc: '2.0', id: message.id, error })
}
