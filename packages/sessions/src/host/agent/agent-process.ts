import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { HostError } from '../errors.js'
import { markName } from './environment.js'
import { OutputTail } from './output-tail.js'
import { startTimeOf } from './process-table.js'
import { type EndOptions, endTree, learnTree } from './process-tree.js'

/** How much of stderr is kept. */
const keptOutputChars = 4_000

export type AgentCommand = {
  command: string
  args: readonly string[]
  /** Absolute. */
  cwd: string
  /** The whole environment, without the mark. */
  env: Readonly<Record<string, string>>
  /** Unique for this start. */
  mark: string
}

/** How a process ended: exactly one of the two. */
export type AgentExit = { exitCode: number | null; signal: NodeJS.Signals | null }

/** A running agent and everything it starts. */
export interface AgentProcess {
  readonly pid: number
  /** For a later host, to tell the process from another with its number. */
  readonly startTime: string | undefined
  readonly stdin: Writable
  readonly stdout: Readable
  /** The last 4,000 characters that are not the protocol's. */
  readonly output: OutputTail
  /** Resolves when the process itself has ended. */
  readonly exited: Promise<AgentExit>
  /** Resolves when the process has ended and nothing it started runs any more. */
  readonly ended: Promise<AgentExit>
  /** Ends it; resolves like `ended`. */
  end(): Promise<AgentExit>
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** How long a pipe may stay open when all who could write to it are gone. */
const closedWithinMs = 500

/** Starts an agent as the head of a process group of its own. Refuses with 400 a missing program or directory. */
export async function startAgent(command: AgentCommand, options: EndOptions): Promise<AgentProcess> {
  await checkDirectory(command.cwd)
  const child = spawnAgent(command)
  // The cast: the arguments of the event.
  const exited = once(child, 'exit').then((args) => exitOf(args as [number | null, NodeJS.Signals | null]))
  // When it can't be started, `started` says so.
  exited.catch(() => undefined)
  await started(child, command.command)
  const output = keepOutput(child)
  // The cast: after `spawn` the process has a number.
  const pid = child.pid as number
  const tree = { group: pid, mark: command.mark, known: new Map<number, string>() }
  const ended = exited.then(async (exit) => {
    await endTree(tree, options)
    await Promise.race([output.complete, options.clock.sleep(closedWithinMs)])
    return exit
  })
  const end = () => {
    // An agent that reads the end of its input leaves, and what it started has no parent any more.
    void learnTree(tree).finally(() => child.stdin.end())
    void endTree(tree, options)
    return ended
  }
  const { stdin, stdout } = child
  const startTime = await startTimeOf(pid)
  return { pid, startTime, stdin, stdout, output: output.tail, exited, ended, end }
}

function exitOf([exitCode, signal]: [number | null, NodeJS.Signals | null]): AgentExit {
  return { exitCode, signal }
}

function keepOutput(child: Child): { tail: OutputTail; complete: Promise<unknown> } {
  const tail = new OutputTail(keptOutputChars)
  child.stderr.setEncoding('utf8').on('data', (text: string) => tail.add(text))
  // WHY: Node throws away what nobody listens to when a process ends, and its reader comes a little later.
  child.stdout.on('readable', () => undefined)
  // A broken pipe shows as the end of the process.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined)
  return { tail, complete: once(child.stderr, 'close') }
}

function spawnAgent({ command, args, cwd, env, mark }: AgentCommand): Child {
  try {
    return spawn(command, [...args], {
      cwd,
      env: { ...env, [markName]: mark },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  } catch (error) {
    // NUL bytes and the like.
    throw cannotStart(command, error)
  }
}

async function started(child: Child, command: string): Promise<void> {
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw cannotStart(command, error)
  }
}

function cannotStart(command: string, cause: unknown): HostError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const why =
    code === 'ENOENT' ? 'executable not found' : code === 'EACCES' ? 'not executable' : String(cause)
  return new HostError(400, `Cannot start "${command}": ${why}`, { cause })
}

async function checkDirectory(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined)
  if (!stats?.isDirectory()) throw new HostError(400, `Workspace is not a directory: ${path}`)
}
