import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Turn, Word } from '../turn.js'
import { sayingRefusals } from './files.js'

/** Commands, and what the agent's own process is like. */
export const processes: Record<string, Word> = {
  run: {
    takes: 'COMMAND ARGS…',
    does: 'runs a command in a terminal of the client and says its output',
    run: (turn) => sayingRefusals(turn, () => runCommand(turn)),
  },
  tree: {
    takes: '',
    does: 'starts a child and a grandchild that ignore SIGTERM, and says their process ids',
    run: async (turn) => void (await turn.say(await growTree())),
  },
  env: {
    takes: 'NAME',
    does: 'says the value of an environment variable',
    run: async (turn) => void (await turn.say(process.env[turn.args[0] ?? ''] ?? '(not set)')),
  },
  cwd: {
    takes: '',
    does: 'says the directory it runs in',
    run: async (turn) => void (await turn.say(process.cwd())),
  },
}

async function runCommand(turn: Turn): Promise<void> {
  const [command = 'true', ...args] = turn.args
  const { sessionId, cwd } = turn
  await using terminal = await turn.client.createTerminal({ sessionId, command, args, cwd })
  const content = [{ type: 'terminal' as const, terminalId: terminal.id }]
  const title = turn.rest
  await turn.update({ sessionUpdate: 'tool_call', toolCallId: terminal.id, title, kind: 'execute', content })
  turn.signal.addEventListener('abort', () => void terminal.kill().catch(() => undefined), { once: true })
  const { exitCode, signal } = await terminal.waitForExit()
  const { output } = await terminal.currentOutput()
  await turn.update({ sessionUpdate: 'tool_call_update', toolCallId: terminal.id, status: 'completed' })
  await turn.say(`${output}\nexit: ${exitCode ?? signal}`)
}

/** Ignored signals stay ignored in what a shell starts, so `sleep` ignores SIGTERM as well. */
async function growTree(): Promise<string> {
  const script = "trap '' TERM; sleep 600 & echo $$ $!; wait"
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [pids] = await once(child.stdout, 'data')
  return `pids: ${String(pids).trim()}`
}
