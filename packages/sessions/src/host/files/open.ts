import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readlink, realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { cannotRead, isInside, outside, type Place } from './confine.js'

const { O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants

// WHY: between the check of a path and its opening an agent may put a link there. So what was opened is asked where it is.

/** Opens a regular file for reading; a pipe or a device is refused with 404 and never waited for. Close the handle. */
export async function openForReading(place: Place, asked: string): Promise<FileHandle> {
  if (!(await isKind(place.real, 'file'))) throw cannotRead(asked)
  return checked(place, asked, open(place.real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK), 'file')
}

/** Opens a directory, 404 when there is none. Close the handle. */
export function openDirectory(place: Place, asked: string): Promise<FileHandle> {
  return checked(place, asked, open(place.real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), 'directory')
}

/** Opens a regular file for writing, without truncating it, and makes it and its directories when missing. Close the handle. */
export async function openForWriting(place: Place, asked: string): Promise<FileHandle> {
  const above = { ...place, real: dirname(place.real) }
  if (!isInside(place.realRoot, above.real)) throw outside()
  await mkdir(above.real, { recursive: true }).catch(() => undefined)
  const directory = await openDirectory(above, asked)
  try {
    const path = await pathBelow(directory, above.real, basename(place.real))
    if (await isKind(path, 'other')) throw cannotRead(asked)
    const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK
    return await checked(place, asked, open(path, flags, 0o666), 'file')
  } finally {
    await directory.close()
  }
}

/** A path that goes on naming the opened directory when its name is given to another one (Linux). */
export async function pathOf(directory: FileHandle, real: string): Promise<string> {
  const link = `/proc/self/fd/${directory.fd}`
  return (await readlink(link).catch(() => undefined)) === undefined ? real : link
}

async function pathBelow(directory: FileHandle, real: string, name: string): Promise<string> {
  return `${await pathOf(directory, real)}/${name}`
}

async function checked(
  place: Place,
  asked: string,
  opening: Promise<FileHandle>,
  kind: 'file' | 'directory',
) {
  const handle = await opening.catch(() => {
    throw cannotRead(asked)
  })
  try {
    const stats = await handle.stat()
    if (!(kind === 'file' ? stats.isFile() : stats.isDirectory())) throw cannotRead(asked)
    if (!isInside(place.realRoot, await whereIs(handle, place.real))) throw outside()
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function whereIs(handle: FileHandle, path: string): Promise<string> {
  return readlink(`/proc/self/fd/${handle.fd}`).catch(() => realpath(path))
}

/** `other` is whatever opening might wait for or disturb. A missing path has no kind. */
async function isKind(path: string, kind: 'file' | 'other'): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined)
  if (!stats) return false
  return kind === 'file' ? stats.isFile() : !stats.isFile() && !stats.isSymbolicLink()
}
