import { appendFileSync, renameSync, statSync } from 'node:fs'

/** Default 2 MiB; one older file of the same size is kept beside it. */
const maxBytes = 2 * 1024 * 1024

/**
 * Lines of a host that nobody watches, in a file (mode 0600) that never grows past its limit. A line that can't be
 * written is lost: a full disk must not end the agents because of a log.
 */
export function createLogFile(
  path: string,
  now: () => number,
  limitBytes = maxBytes,
): (message: string) => void {
  let bytes = sizeOf(path)
  return (message) => {
    const line = `${new Date(now()).toISOString()} ${message}\n`
    try {
      if (bytes + line.length > limitBytes) {
        renameSync(path, `${path}.1`)
        bytes = 0
      }
      appendFileSync(path, line, { mode: 0o600 })
      bytes += Buffer.byteLength(line)
    } catch {
      // See above.
    }
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}
