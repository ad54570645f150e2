import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { Clock } from '@parley/kernel/ids'
import { terminalMarkName } from '../agent/environment.js'
import type { AgentTerminalRequest, TerminalExitStatus } from '../agent/port.js'
import { HostError } from '../errors.js'
import type { HostEvents } from '../port.js'
import { createCoalescer } from './coalescer.js'
import { processSession } from './end-session.js'
import { keepOutput } from './kept-output.js'

const defaultLimit = 100_000
const maxLimit = 1024 * 1024
const maxLogged = 4 * 1024 * 1024
/** How long output is waited for after the command ended: what it started may hold its pipes for ever. */
const drainMs = 250
const cutNotice = '\r\n[more output was left out]\r\n'

export type AgentTerminalOptions = {
  id: string
  request: AgentTerminalRequest
  clock: Clock
  events: HostEvents
  sessionId: string
}

/** A command that an agent runs. */
export interface AgentTerminal {
  readonly id: string
  /** With its arguments, as people are told. */
  readonly command: string
  /** Undefined while it runs. */
  readonly exit: TerminalExitStatus | undefined
  /** Resolves when it has ended and what it said was read. */
  readonly ended: Promise<TerminalExitStatus>
  output(): { output: string; truncated: boolean }
  /** Resolves when all of its processes are gone. */
  kill(): Promise<void>
}

/** Starts a command without a PTY, as the leader of a session of the operating system. Refuses with 400 what can't be started. */
export async function openAgentTerminal(options: AgentTerminalOptions): Promise<AgentTerminal> {
  const { id, request, clock, events } = options
  const command = [request.command, ...request.args].join(' ')
  const mark = randomUUID()
  const child = await start({ ...request, env: { ...request.env, [terminalMarkName]: mark } })
  const tell = teller(options)
  tell('terminal.started', { command })
  const kept = keepOutput(Math.min(request.outputByteLimit ?? defaultLimit, maxLimit))
  const logged = createCoalescer(
    clock,
    bounded((data) => tell('terminal.data', { data })),
  )
  const take = (text: string) => {
    kept.add(text)
    logged.push(text)
  }
  for (const stream of [child.stdout, child.stderr]) read(stream, take, events)
  // The cast: a child that was started has an id.
  const processes = processSession(child.pid as number, mark, clock)
  child.once('exit', processes.exited)
  let exit: TerminalExitStatus | undefined
  const ended = exitOf(child, clock).then((status) => {
    logged.flush()
    logged.close()
    exit = status
    tell('terminal.exit', { exitCode: status.exitCode ?? -1 })
    return status
  })
  return {
    id,
    command,
    ended,
    get exit() {
      return exit
    },
    output: kept.read,
    kill: processes.end,
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>

function start({ command, args, cwd, env }: AgentTerminalRequest): Promise<Child> {
  return new Promise((resolve, reject) => {
    const refused = (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause)
      reject(new HostError(400, `${command} can not be started: ${why}`, { cause }))
    }
    try {
      const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
      child.once('error', refused)
      child.once('spawn', () => resolve(child))
    } catch (error) {
      refused(error)
    }
  })
}

function teller({ id, events, sessionId }: AgentTerminalOptions) {
  return (type: string, data: Record<string, unknown>) =>
    events.emit({ sessionId, type, data: { terminalId: id, ...data } })
}

/** Reads characters, and waits while there is no room for what they become. */
function read(stream: Readable, take: (text: string) => void, events: HostEvents): void {
  const decoder = new StringDecoder('utf8')
  stream.on('data', (chunk: Buffer) => {
    take(decoder.write(chunk))
    const room = events.room()
    if (!room || stream.isPaused()) return
    stream.pause()
    void room.then(() => stream.resume())
  })
  stream.on('end', () => take(decoder.end()))
  stream.on('error', () => undefined)
}

/** Sends up to 4 MiB, then says once that there was more. */
function bounded(send: (text: string) => void): (text: string) => void {
  let bytes = 0
  return (text) => {
    if (bytes > maxLogged) return
    bytes += Buffer.byteLength(text)
    send(bytes > maxLogged ? cutNotice : text)
  }
}

function exitOf(child: Child, clock: Clock): Promise<TerminalExitStatus> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const status = signal === null ? { exitCode: code ?? 0, signal: null } : { exitCode: null, signal }
      const done = () => {
        stop()
        child.stdout.destroy()
        child.stderr.destroy()
        resolve(status)
      }
      const stop = clock.after(drainMs, done)
      child.once('close', done)
    })
  })
}
