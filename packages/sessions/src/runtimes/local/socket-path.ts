// Where the server listens for the local host.
import { lstat, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** OUTSIDE: an address of a unix socket has room for 108 bytes, on some systems for 104. */
const maxBytes = 100

/**
 * `link.sock` in the directory; where that is too long, or holds what an address can't, a short path that only this user
 * reaches, noted in `link-address` so that a running host is found there again.
 */
export async function linkSocketPath(dataDir: string): Promise<string> {
  const path = join(dataDir, 'link.sock')
  if (Buffer.byteLength(path) <= maxBytes && !/[:?#]/.test(path)) return path
  const note = join(dataDir, 'link-address')
  const noted = (await readFile(note, 'utf8').catch(() => '')).trim()
  if (noted !== '' && (await isOurs(dirname(noted)))) return noted
  const short = join(await mkdtemp(join(tmpdir(), 'parley-')), 'link.sock')
  await writeFile(note, `${short}\n`, { mode: 0o600 })
  return short
}

/** A directory that nobody else can put something into; made anew when it was cleared away. */
async function isOurs(directory: string): Promise<boolean> {
  await mkdir(directory, { mode: 0o700 }).catch(() => undefined)
  const found = await lstat(directory).catch(() => undefined)
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
}
