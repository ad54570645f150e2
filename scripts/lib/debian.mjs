import { existsSync } from 'node:fs'
import { run } from './run.mjs'
import { say, sayStep } from './say.mjs'

/** Installs Debian packages where that is possible without asking anybody: as root, with apt. Says so when it fails. */
export async function installDebian(...packages) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  sayStep(`installing ${packages.join(', ')} (apt-get install)`)
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, quiet: true }
  const update = await run('apt-get', ['update', '-q'], options)
  const added = await run('apt-get', ['install', '-qy', '--no-install-recommends', ...packages], options)
  if (added.code !== 0) say(`${update.output}${added.output}\nNot installed: ${packages.join(', ')}.`)
}
