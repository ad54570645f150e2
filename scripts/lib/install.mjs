import { existsSync, readFileSync } from 'node:fs'
import { at } from './root.mjs'
import { npm } from './run.mjs'
import { say, sayFailed, sayPassed, sayStep } from './say.mjs'

/** Installs from the lock file when something that it names is missing or has another version. */
export async function install() {
  if (isInstalled()) return
  const began = performance.now()
  sayStep('installing (npm ci, half a minute the first time)')
  // What npm says goes the way of our progress, or it would stand in front of what a command prints.
  const { code, output } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true })
  const ms = performance.now() - began
  if (code === 0) return sayPassed('installing', ms)
  say(output)
  sayFailed('installing', ms)
  process.exit(code)
}

/** True when node_modules holds what package-lock.json asks for, however it came there. */
function isInstalled() {
  // OUTSIDE: npm writes this file at the end of every successful installation.
  const record = at('node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = packagesOf(at('package-lock.json'))
  const present = packagesOf(record)
  return Object.entries(wanted).every(([path, entry]) => isMet(path, entry, present[path]))
}

function isMet(path, wanted, present) {
  // The root and the workspaces are not installed; optional packages are for some platforms only.
  if (!path.includes('node_modules/') || wanted.optional || wanted.peer) return true
  return wanted.link ? present?.link === true : present?.version === wanted.version
}

const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
