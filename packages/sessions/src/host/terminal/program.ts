import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { HostError } from '../errors.js'

/** The file of a program that is named by a path or found in `searchPath`. Refuses with 400 what can't be run. */
export async function findProgram(name: string, cwd: string, searchPath: string): Promise<string> {
  if (name.length > 4_096 || name.includes('\0')) throw new HostError(400, 'Invalid program')
  const places = name.includes('/')
    ? [resolve(cwd, name)]
    : searchPath
        .split(delimiter)
        .filter(isAbsolute)
        .map((directory) => join(directory, name))
  for (const file of places) if (await isProgram(file)) return file
  throw new HostError(400, `Program not found: ${name}`)
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
