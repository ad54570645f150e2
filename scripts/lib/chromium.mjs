import { existsSync } from 'node:fs'
import { run } from './run.mjs'
import { say, sayStep } from './say.mjs'

// The browser tests find Chromium by themselves (packages/testkit/src/browser) and say so when there is none. All this
// does is to install Debian's package first where that is possible without asking anybody: as root, with apt.

const path = '/usr/bin/chromium'

/** Installs Chromium where it is missing and this is a Debian system that we may change. */
export async function provideChromium() {
  if (process.env.PARLEY_CHROMIUM || existsSync(path)) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  sayStep('installing Chromium (apt-get install chromium)')
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const update = await run('apt-get', ['update', '-q'], { env, quiet: true })
  const added = await run('apt-get', ['install', '-qy', '--no-install-recommends', 'chromium'], {
    env,
    quiet: true,
  })
  if (added.code !== 0) say(`${update.output}${added.output}\nChromium could not be installed.`)
}
