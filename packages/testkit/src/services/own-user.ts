import { chown, readFile } from 'node:fs/promises'

/** Who a private server runs as: nothing when it runs as ourselves. */
export type RunAs = { uid?: number; gid?: number }

/**
 * Database servers refuse to run as root; then they run as `postgres` or `nobody`. Undefined when we are
 * root and neither exists.
 */
export async function unprivilegedUser(): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return {}
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

/** Gives a folder to the user that will write in it. */
export async function giveTo({ uid, gid }: RunAs, folder: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid)
}
