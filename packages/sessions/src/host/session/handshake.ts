import { methods, PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk'
import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import { rpcErrorText } from '../../protocol/index.js'
import type { AgentExit } from '../agent/index.js'
import { HostError } from '../errors.js'
import type { AgentRun } from './agent-run.js'
import type { SessionDeps } from './deps.js'

/** What the agent said that it can do. */
export type Capabilities = JsonObject

/** How an agent takes up a session that another process of it has begun: the best way first, none when it can't. */
export function resumingOf(capabilities: Capabilities): ('load' | 'resume')[] {
  const { sessionCapabilities, loadSession } = capabilities
  const resumes = isJsonObject(sessionCapabilities) && isJsonObject(sessionCapabilities.resume)
  return [...(resumes ? (['resume'] as const) : []), ...(loadSession === true ? (['load'] as const) : [])]
}

/** Params of `initialize`, exactly as in section 9. */
const initializeParams = {
  protocolVersion: PROTOCOL_VERSION,
  clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
}

/**
 * Opens a session with an agent: `initialize`, then what `open` asks for. On failure the agent is ended, and the refusal
 * (500) holds the reason and the agent's last output.
 */
export async function handshake<T>(
  run: AgentRun,
  { clock, limits }: SessionDeps,
  signal: AbortSignal,
  open: (capabilities: Capabilities) => Promise<T>,
): Promise<{ capabilities: Capabilities; opened: T }> {
  const limit = new AbortController()
  const late = `The agent was not ready within ${limits.handshakeMs / 1000} s.`
  const timedOut = clock.sleep(limits.handshakeMs, limit.signal).then(() => fail(late))
  timedOut.catch(() => undefined)
  try {
    return await Promise.race([talk(run, open), exitedEarly(run), timedOut, stopped(signal)])
  } catch (error) {
    const reason = await reasonOf(error, run, clock)
    run.end()
    await run.over
    throw withOutput(reason, run.process.output.text, error)
  } finally {
    limit.abort()
  }
}

async function talk<T>({ connection }: AgentRun, open: (capabilities: Capabilities) => Promise<T>) {
  const initialized = await connection.request(methods.agent.initialize, initializeParams)
  if (!isJsonObject(initialized)) return fail('The agent gave no answer to initialize that could be used.')
  if (initialized.protocolVersion !== PROTOCOL_VERSION)
    return fail(
      `The agent speaks version ${initialized.protocolVersion} of the protocol, not ${PROTOCOL_VERSION}.`,
    )
  const { agentCapabilities } = initialized
  const capabilities = isJsonObject(agentCapabilities) ? agentCapabilities : {}
  return { capabilities, opened: await open(capabilities) }
}

async function exitedEarly({ process }: AgentRun): Promise<never> {
  return fail(`The agent ${endedHow(await process.exited)} before it was ready.`)
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new NotReady('The session was terminated before the agent was ready.'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** The end of a pipe is noticed before the end of its process, which tells more. */
async function reasonOf(error: unknown, run: AgentRun, clock: SessionDeps['clock']): Promise<string> {
  if (error instanceof RequestError) return `The agent refused: ${rpcErrorText(error)}`
  const exit = await Promise.race([run.process.exited, clock.sleep(closingMs)])
  if (exit && !(error instanceof NotReady)) return `The agent ${endedHow(exit)} before it was ready.`
  return error instanceof Error ? error.message : String(error)
}

const closingMs = 200

/** A reason that can be shown as it is. */
class NotReady extends Error {}

function fail(message: string): never {
  throw new NotReady(message)
}

/** `exited with code 1`, `was ended by SIGKILL`. */
export function endedHow({ exitCode, signal }: AgentExit): string {
  return signal ? `was ended by ${signal}` : `exited with code ${exitCode}`
}

function withOutput(reason: string, output: string, cause: unknown): HostError {
  return new HostError(500, output ? `${reason}\n\nStartup output:\n${output}` : reason, { cause })
}
