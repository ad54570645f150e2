import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/schema.js'

const keyBytes = 32

/**
 * The key that the relay seals with: the configured one, else that of the data directory, which is made when it is not there. A
 * server that keeps nothing needs none.
 */
export async function readRelayKey({ relayKey, databaseUrl, dataDir }: Config): Promise<string | undefined> {
  if (relayKey !== undefined || databaseUrl === ':memory:') return relayKey
  const path = join(dataDir, 'relay.key')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const made = randomBytes(keyBytes).toString('hex')
  try {
    await writeFile(path, `${made}\n`, { mode: 0o600, flag: 'wx' })
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return (await readFile(path, 'utf8')).trim()
  }
}
