// Other processes for tests of the directory lock. They run the build.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { workerUrl } from '../worker-url.js'

const program = `
  const [, open, path] = process.argv
  const { openSqlite } = await import(open)
  await openSqlite({ path, clock: { now: Date.now } })
  process.stdout.write('open')
  process.stdin.resume()
`

/** Opens a data directory in a process of its own; resolves once it is open. `kill` ends it without a goodbye. */
export async function openInOtherProcess(path: string): Promise<{ kill(): Promise<void> }> {
  const open = new URL('./open.js', workerUrl()).href
  const child = run(['--input-type=module', '--eval', program, open, path])
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const opened = once(child.stdout!, 'data')
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The other process ended with ${code} before it opened the directory.`)
  })
  ended.catch(() => {})
  await Promise.race([opened, ended])
  return { kill }
}

/** The number of a process that has ended. */
export async function endedProcess(): Promise<number> {
  const child = run(['--eval', ''])
  await once(child, 'exit')
  return child.pid!
}

function run(args: string[]): ChildProcess {
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
}
