import { createInterface } from 'node:readline/promises'
import type { AgentTemplate } from '@parley/sessions'
import { createSessionsClient, type SessionsClient } from '@parley/sessions/client'
import type { Command } from 'commander'
import { WebSocket } from 'ws'
import { loadConfig } from '../../config/load.js'
import { serverErrors } from '../../errors.js'
import { readControl } from '../../lifecycle/control-file.js'
import { askInTerminal, askNobody } from './ask.js'
import { Printer } from './printer.js'
import { runPrompt } from './run-prompt.js'

type Flags = { agent?: string; cwd: string; yes?: boolean; keep?: boolean }

/** `parley run "prompt" --agent NAME`: one session, one turn, in the terminal. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('let an agent of the running server do one thing, and watch it')
    .argument('<prompt>', 'what to do')
    .option('-a, --agent <name>', 'name or id of the agent; default the first')
    .option('-C, --cwd <directory>', 'where it works', process.cwd())
    .option('-y, --yes', 'allow what it asks for')
    .option('-k, --keep', 'leave the session open afterwards')
    .action(async (prompt: string, flags: Flags) => {
      const client = await openClient()
      try {
        process.exitCode = (await run(client, prompt, flags)) ? 0 : 1
      } finally {
        client.close()
      }
    })
}

async function openClient(): Promise<SessionsClient> {
  const control = await readControl(loadConfig(process.env).dataDir)
  if (!control)
    throw serverErrors.notAServer({ message: 'No server runs on this data directory; start one: parley up' })
  return createSessionsClient({ baseUrl: `${control.url}/api`, token: control.token, WebSocket })
}

/** True when the agent came to its end. */
async function run(client: SessionsClient, prompt: string, flags: Flags): Promise<boolean> {
  const template = pick(await client.fetchAgentTemplates(), flags.agent)
  const { id } = await client.createSession({ agentTemplateId: template.id, cwd: flags.cwd })
  const session = client.session(id)
  const lines = process.stdin.isTTY && !flags.yes ? createInterface(process.stdin, process.stderr) : undefined
  const endSession = async () => {
    if (!flags.keep) await client.terminateSession(id).catch(() => undefined)
  }
  let interrupts = 0
  const interrupt = () => {
    // The second time nobody wants to wait for the agent.
    if (++interrupts > 1) void endSession().finally(() => process.exit(130))
    else void session.cancel().catch(() => undefined)
  }
  lines?.on('SIGINT', interrupt)
  process.on('SIGINT', interrupt)
  try {
    const write = (text: string) => void process.stderr.write(text)
    const end = await runPrompt(prompt, {
      session,
      printer: new Printer((text) => void process.stdout.write(text)),
      ask: lines ? askInTerminal(lines, write) : askNobody(flags.yes === true),
      onFault: (error) => write(`  ${error instanceof Error ? error.message : String(error)}\n`),
    })
    if (end === 'ended') write('The session ended before the agent was done.\n')
    else if (end.stopReason !== 'end_turn') write(`The turn ended: ${end.error ?? end.stopReason}\n`)
    if (flags.keep) write(`The session goes on: ${id}\n`)
    return end !== 'ended' && end.stopReason === 'end_turn'
  } finally {
    process.off('SIGINT', interrupt)
    lines?.close()
    session.close()
    await endSession()
  }
}

function pick(templates: readonly AgentTemplate[], wanted: string | undefined): AgentTemplate {
  const found =
    wanted === undefined
      ? templates[0]
      : (templates.find(({ id }) => id === wanted) ??
        templates.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()))
  if (found) return found
  const names = templates.map(({ id }) => id).join(', ') || 'none'
  throw new Error(
    wanted === undefined
      ? 'The server offers no agent.'
      : `No agent is called ${wanted}. There are: ${names}`,
  )
}
