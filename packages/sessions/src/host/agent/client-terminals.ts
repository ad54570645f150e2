import { isAbsolute } from 'node:path'
import { type ClientApp, type CreateTerminalRequest, methods } from '@agentclientprotocol/sdk'
import { HostError } from '../errors.js'
import { answering } from './client-errors.js'
import { markName } from './environment.js'
import type { AgentTerminalRequest, AgentTerminals } from './port.js'

export type TerminalsOptions = {
  terminals: AgentTerminals
  /** What commands are started with; what the agent adds wins. */
  env: Readonly<Record<string, string>>
}

/** Answers `terminal/*` by a port. */
export function answerTerminals(app: ClientApp, cwd: string, options: TerminalsOptions): void {
  const { terminals } = options
  const { terminal } = methods.client
  app.onRequest(terminal.create, ({ params }) =>
    answering(async () => ({ terminalId: await terminals.create(requestOf(params, cwd, options.env)) })),
  )
  app.onRequest(terminal.output, ({ params }) => answering(() => terminals.output(params.terminalId)))
  app.onRequest(terminal.waitForExit, ({ params, signal }) =>
    answering(() => terminals.waitForExit(params.terminalId, signal)),
  )
  app.onRequest(terminal.kill, ({ params }) => answering(() => terminals.kill(params.terminalId)))
  app.onRequest(terminal.release, ({ params }) => answering(() => terminals.release(params.terminalId)))
}

function requestOf(
  params: CreateTerminalRequest,
  workspace: string,
  env: Readonly<Record<string, string>>,
): AgentTerminalRequest {
  const cwd = params.cwd ?? workspace
  if (!isAbsolute(cwd)) throw new HostError(400, `Path is not absolute: ${cwd}`)
  // The mark is ours: by it the command is found again when its session ends.
  const own = (params.env ?? []).filter(({ name }) => name !== markName)
  const added = Object.fromEntries(own.map(({ name, value }) => [name, value]))
  const { command, args = [], outputByteLimit } = params
  return {
    command,
    args,
    cwd,
    env: { ...env, ...added },
    ...(outputByteLimit != null && { outputByteLimit }),
  }
}
