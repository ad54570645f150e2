import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { root } from '../../architecture/checkout.js'
import { startVictim, type Victim } from '../victim.js'

/** A server in a process of its own, and the credential of the command beside it. */
export type ServerProcess = Victim & { url: string; token: string }

type Control = { pid: number; url: string; token: string }

const program = join(root, 'packages/server/dist/cli/main.js')

/** Starts `parley up` on a data directory and a free port, and waits until it listens. */
export async function startServerProcess(dataDir: string): Promise<ServerProcess> {
  if (!existsSync(program)) throw new Error(`no ${program}: build the server first (npm run build)`)
  const settings = { PORT: '0', PARLEY_DATA_DIR: dataDir, PARLEY_HANDSHAKE_OPEN: 'true', DATABASE_URL: '' }
  const victim = startVictim([program, 'up'], { ...settings, PARLEY_LOG_LEVEL: 'error' })
  const control = await eventually(async () => {
    const found = JSON.parse(await readFile(join(dataDir, 'control.json'), 'utf8')) as Control
    return found.pid === victim.pid && found
  }).catch((error: unknown) => {
    throw new Error(`the server did not start: ${victim.complaints()}`, { cause: error })
  })
  return { ...victim, url: control.url, token: control.token }
}
