import { build } from './build.mjs'
import { install } from './install.mjs'
import { at } from './root.mjs'
import { become } from './run.mjs'

/** Installs and builds what is missing, then becomes the built program `entry` (a path inside the checkout). */
export async function runBuilt(entry, args) {
  await install()
  await build()
  // So that hints name a command that exists: on a clone there is no `parley` on the path.
  become([at(entry), ...args], { env: { PARLEY_COMMAND: 'npm run parley --' } })
}
