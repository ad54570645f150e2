import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { RoleName } from '../child/roles.js'
import type { Context } from './context.js'

/** What a child process can do: functions over messages. */
export type Calls = Readonly<Record<string, (argument: never) => Promise<unknown>>>

/** A role in a process of its own. */
export type Child<Role extends Calls> = {
  readonly pid: number
  /** Rejects with what the role threw, and when the process ended. */
  call<Name extends keyof Role & string>(
    name: Name,
    argument: Parameters<Role[Name]>[0],
  ): Promise<Awaited<ReturnType<Role[Name]>>>
  /** Processor seconds used so far, all threads. */
  cpuSeconds(): Promise<number>
  /** Bytes in use after a collection. */
  memory(): Promise<{ rss: number; heap: number }>
  stop(): Promise<void>
}

type Answer = { id: number; value?: unknown; error?: string }
type Waiting = { resolve(value: unknown): void; reject(error: Error): void }

/** Starts a role; it is stopped with the context. */
export async function startChild<Role extends Calls>(context: Context, role: RoleName): Promise<Child<Role>> {
  const execArgv = ['--expose-gc', ...profiling(context)]
  // V8 writes a profile when the process ends by itself, which the role does when it is told to stop.
  const child = fork(fileURLToPath(new URL('../child/main.js', import.meta.url)), [role], { execArgv })
  const waiting = new Map<number, Waiting>()
  let calls = 0
  let hasEnded = false

  child.on('message', ({ id, value, error }: Answer) => {
    const caller = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) caller?.resolve(value)
    else caller?.reject(new Error(`${role}: ${error}`))
  })
  child.once('exit', (code, signal) => {
    hasEnded = true
    for (const { reject } of waiting.values()) reject(new Error(`${role} ended (${signal ?? code}).`))
  })

  const ask = (name: string, argument?: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      if (hasEnded) return reject(new Error(`${role} has ended.`))
      const id = ++calls
      waiting.set(id, { resolve, reject })
      child.send({ id, name, argument })
    })
  const stop = async () => {
    if (hasEnded) return
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
  }
  context.atEnd(stop)
  await ask('ready')
  return {
    pid: child.pid ?? 0,
    // The casts: the other process runs the very role that the type was taken from.
    call: async (name, argument) => (await ask(name, argument)) as never,
    cpuSeconds: async () => (await ask('cpuSeconds')) as number,
    memory: async () => (await ask('memory')) as { rss: number; heap: number },
    stop,
  }
}

function profiling({ profileTo }: Context): string[] {
  return profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`]
}
