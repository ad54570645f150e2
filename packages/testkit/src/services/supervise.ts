// Starts a private server so that it can't outlive us: a shell holds a pipe from this process and takes
// the server down when the pipe closes, even when this process was killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { RunAs } from './own-user.js'

// `stop <signal>` ends the server and keeps the folder; a closed pipe ends it at once and removes the folder.
const script = `
dir=$1; shift
"$@" </dev/null >"$dir/server.log" 2>&1 &
echo $!
if read -r _ signal; then kill -s "$signal" $! 2>/dev/null; wait $!
else kill -s QUIT $! 2>/dev/null; wait $!; rm -rf "$dir"; fi
`

export type Supervised = {
  readonly pid: number
  readonly isRunning: boolean
  /** Sends the server a signal and resolves when it has ended. */
  stop(signal: 'INT' | 'TERM' | 'QUIT' | 'KILL'): Promise<void>
}

/** Runs `program` with its output in `<folder>/server.log`. The folder is removed when this process dies. */
export async function supervise(
  program: string,
  args: readonly string[],
  { folder, runAs }: { folder: string; runAs: RunAs },
): Promise<Supervised> {
  const shell = spawn('/bin/sh', ['-c', script, 'sh', folder, program, ...args], {
    ...runAs,
    cwd: folder,
    env: { PATH: `${process.env.PATH ?? ''}:/usr/bin:/bin`, HOME: folder, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  shell.unref()
  const pid = await firstLine(shell)
  const ended = once(shell, 'exit')
  return {
    pid,
    get isRunning() {
      return isAlive(pid) && shell.exitCode === null
    },
    async stop(signal) {
      if (shell.exitCode !== null) return
      shell.ref()
      shell.stdin?.end(`stop ${signal}\n`)
      await ended
    },
  }
}

async function firstLine(shell: ChildProcess): Promise<number> {
  const failed = once(shell, 'error').then(([error]) => Promise.reject(error))
  const [line] = await Promise.race([once(shell.stdout!, 'data'), failed])
  shell.stdout!.destroy()
  // OUTSIDE: a destroyed or idle pipe of the child must not keep the test process alive.
  const stdin = shell.stdin as unknown as { unref?(): void }
  stdin.unref?.()
  return Number(String(line).trim())
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// OUTSIDE: the shell learns of its server's end only when it is told to stop; until then a signal finds the dead one.
//          Systems without /proc don't tell.
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
