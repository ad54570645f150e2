import { systemClock } from '@parley/kernel/ids'
import type { Command } from 'commander'
import { loadConfig } from '../config/load.js'
import { isAlive, readControl } from '../lifecycle/control-file.js'
import { print } from './print.js'
import { callServer } from './server-call.js'

/** How long `parley down` waits for the orderly end. */
const downWaitMs = 30_000

/** `parley status` and `parley down`. */
export function addStateCommands(program: Command): void {
  program
    .command('status')
    .description('tell whether the server of this data directory runs')
    .action(async () => {
      const control = await readControl(loadConfig(process.env).dataDir)
      const health =
        control &&
        (await fetch(`${control.url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined))
      if (!control) print(['not running'])
      else
        print([`running at ${control.url} (process ${control.pid}), ${health?.ok ? 'ready' : 'not ready'}`])
      if (!health?.ok) process.exitCode = 1
    })

  program
    .command('down')
    .description('stop the server of this data directory')
    .action(async () => {
      const control = await readControl(loadConfig(process.env).dataDir)
      if (!control) return print(['not running'])
      // WHY: a note outlives a crash, and its number may belong to somebody else's process by now.
      await callServer(control, 'GET', '/parley/v1/me')
      process.kill(control.pid, 'SIGTERM')
      if (await hasEnded(control.pid)) print(['stopped'])
      else throw new Error(`process ${control.pid} is still stopping after ${downWaitMs / 1000} s`)
    })
}

async function hasEnded(pid: number): Promise<boolean> {
  const until = systemClock.now() + downWaitMs
  // A process that is not our child can only be looked at again and again. The timer here must keep us alive.
  while (isAlive(pid) && systemClock.now() < until) await new Promise((resolve) => setTimeout(resolve, 100))
  return !isAlive(pid)
}
