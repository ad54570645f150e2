// Who the local host is: kept in its directory, so that a restarted server finds it again.
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ids, systemIds } from '@parley/kernel/ids'

export type HostIdentity = { hostId: string; token: string; tokenFile: string }

const tokenBytes = 24

/** What is in the directory; made (0700, files 0600) when it is missing. */
export async function hostIdentity(dataDir: string, ids: Ids = systemIds): Promise<HostIdentity> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const tokenFile = join(dataDir, 'host-token')
  const hostId = await keptOr(join(dataDir, 'host-id'), () => ids.next('host'))
  const token = await keptOr(tokenFile, () => ids.token(tokenBytes))
  return { hostId, token, tokenFile }
}

/** True when a host has run on the directory before: there may be sessions, or events that nobody has got. */
export async function wasUsed(dataDir: string): Promise<boolean> {
  return (await readFile(join(dataDir, 'host-id'), 'utf8').catch(() => '')).trim() !== ''
}

async function keptOr(path: string, make: () => string): Promise<string> {
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (kept !== '') return kept
  const made = make()
  // Not readable by others even for a moment.
  const file = await open(path, 'w', 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(`${made}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return made
}
