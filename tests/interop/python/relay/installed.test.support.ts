import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const missing = 'needs Debian packages python3-requests, python3-websocket'

/** Whether the peers can run here. Without them a run on CI fails, and any other says what it skips. */
export async function hasPython(): Promise<boolean> {
  const has = await promisify(execFile)('/usr/bin/python3', ['-c', 'import requests, websocket']).then(
    () => true,
    () => false,
  )
  if (!has && process.env.CI) throw new Error(`This ${missing}.`)
  if (!has) process.stderr.write(`No foreign relay peers for tests: it ${missing}.\n`)
  return has
}
