import { access, constants } from 'node:fs/promises'
import { noService } from '../services/reason.js'

/** Where Debian's package puts it; `npm test` installs that package when it runs as root and this is missing. */
const debian = '/usr/bin/chromium'

/**
 * The Chromium for browser tests: `PARLEY_CHROMIUM`, else Debian's. Undefined, with a line on stderr, where there is
 * none; the caller skips its tests then.
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const path = env.PARLEY_CHROMIUM || debian
  if (await isProgram(path)) return path
  return noService('Chromium', `${path} is not a program (name another one with PARLEY_CHROMIUM)`)
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
