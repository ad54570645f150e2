import type { Clock } from '@parley/kernel/ids'
import type { AskPermission } from '../agent/client-permissions.js'
import { markName } from '../agent/environment.js'
import {
  type AgentConnection,
  type AgentExit,
  type AgentHooks,
  type AgentProcess,
  type AgentTerminals,
  cleanEnvironment,
  connectAgent,
  startAgent,
} from '../agent/index.js'
import type { SessionDeps } from './deps.js'
import type { SessionRecord } from './record.js'

/** How long what an agent wrote before its end may take to be read, when nobody wants to wait for room. */
const readWithinMs = 1_000

/** One process of an agent, with the connection to it. */
export interface AgentRun {
  readonly process: AgentProcess
  readonly connection: AgentConnection
  /** Resolves when it has ended, all it wrote was read and nothing it started runs any more. */
  readonly over: Promise<AgentExit>
  /** Ends it, without waiting for room for what it wrote. */
  end(): void
}

export type AgentRunOptions = {
  deps: SessionDeps
  record: SessionRecord
  hooks: AgentHooks
  askPermission: AskPermission
  /** Runs once when the agent says no more. */
  onEnd(): void
}

/** Starts the agent of a session; its mark has to be in the record, and the record on disk, before. */
export async function runAgent(options: AgentRunOptions): Promise<AgentRun> {
  const { deps, record, hooks, askPermission, onEnd } = options
  const { clock, limits, events } = deps
  const { sessionId, cwd, command, args, mark } = record
  const env = cleanEnvironment(deps.env, record.env)
  const process = await startAgent({ command, args, cwd, env, mark }, { clock, graceMs: limits.graceMs })
  const terminals = deps.openTerminals({ sessionId, cwd })
  const connection = connectAgent({
    process,
    hooks,
    cwd,
    askPermission,
    room: () => events.room(),
    onEnd,
    // Marked like the agent, so that a later host finds what this one could not end.
    terminals: { terminals, env: { ...env, [markName]: mark } },
  })
  const over = untilOver(process, connection, terminals, deps)
  const end = () => {
    void process.end()
    void process.ended.then(() => stopReading(connection, clock))
  }
  return { process, connection, over, end }
}

async function untilOver(
  process: AgentProcess,
  connection: AgentConnection,
  terminals: AgentTerminals,
  { clock, limits }: SessionDeps,
): Promise<AgentExit> {
  // Without its output an agent is of no use, and may not know that it is over.
  void connection.ended.then(() => endUnlessGone(process, clock, limits.graceMs))
  const exit = await process.ended
  await terminals.close()
  await connection.ended
  return exit
}

async function endUnlessGone(process: AgentProcess, clock: Clock, graceMs: number): Promise<void> {
  await Promise.race([process.exited, clock.sleep(graceMs)])
  await process.end()
}

async function stopReading(connection: AgentConnection, clock: Clock): Promise<void> {
  await Promise.race([connection.ended, clock.sleep(readWithinMs)])
  connection.close()
}
