import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** True when a program of this name could be started from the `PATH` given. */
export function isOnPath(command: string, path: string): boolean {
  return path.split(delimiter).some((folder) => folder !== '' && isProgram(join(folder, command)))
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
