// The program of every child process of a benchmark: `main.js ROLE`, calls come as messages. Ends with its parent.
import type { Calls } from '../lib/child.js'
import { roles } from './roles.js'

type Call = { id: number; name: string; argument: never }

const load = roles[process.argv[2] as keyof typeof roles]
const { role } = (await load()) as { role: Calls }

const common: Calls = {
  ready: async () => undefined,
  cpuSeconds: async () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
  memory: async () => {
    // Twice: the first collection runs finalizers that free more.
    globalThis.gc?.()
    globalThis.gc?.()
    const { rss, heapUsed, external } = process.memoryUsage()
    return { rss, heap: heapUsed + external }
  },
}

process.on('message', (call: Call) => void answer(call))
process.once('disconnect', () => void end())

async function answer({ id, name, argument }: Call): Promise<void> {
  try {
    const run = role[name] ?? common[name]
    if (!run) throw new Error(`There is no call "${name}".`)
    process.send?.({ id, value: await run(argument) })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

async function end(): Promise<void> {
  await role.close?.(undefined as never)
  process.exit()
}
