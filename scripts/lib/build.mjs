import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { digest } from './digest.mjs'
import { prune } from './prune.mjs'
import { at } from './root.mjs'
import { npm, run, tool } from './run.mjs'
import { say, sayFailed, sayPassed, sayStep } from './say.mjs'

const consoleInputs = [
  'apps/console',
  'packages/kernel/src',
  'packages/handshake/src',
  'packages/threads/src',
  'packages/sessions/src',
  'packages/react/src',
  'package-lock.json',
]
const consoleStamp = at('.cache/console.digest')

const apiViewer = at('node_modules/@scalar/api-reference/dist/browser/standalone.js')
const apiViewerCopy = at('packages/server/dist/api-page/standalone.js')

/** Removes stale outputs and compiles every project. Answers `{ code, output }`. */
export function compile() {
  prune()
  copyApiViewer()
  return run(tool('tsc'), ['-b', '--pretty'], { quiet: true })
}

// The server serves the viewer of its API page itself, so it is part of what the server's package ships.
function copyApiViewer() {
  const isCurrent = existsSync(apiViewerCopy) && statSync(apiViewerCopy).size === statSync(apiViewer).size
  if (isCurrent) return
  mkdirSync(dirname(apiViewerCopy), { recursive: true })
  copyFileSync(apiViewer, apiViewerCopy)
}

/** Bundles the web console, unless its inputs are those of the last time. Answers `{ code, output }`. */
export async function bundleConsole() {
  const now = digest(consoleInputs)
  if (existsSync(at('apps/console/dist/index.html')) && now === lastDigest()) return { code: 0, output: '' }
  const result = await npm(['run', '--silent', 'build', '-w', '@parley/console'], { quiet: true })
  if (result.code === 0) remember(now)
  return result
}

/** Compiles and bundles with progress, and ends this process when something does not build. */
export async function build() {
  await step('compiling', compile)
  await step('bundling the console', bundleConsole)
}

async function step(name, work) {
  const began = performance.now()
  sayStep(name)
  const { code, output } = await work()
  const ms = performance.now() - began
  if (code === 0) return sayPassed(name, ms)
  say(output)
  sayFailed(name, ms)
  process.exit(code)
}

const lastDigest = () => (existsSync(consoleStamp) ? readFileSync(consoleStamp, 'utf8') : '')

function remember(value) {
  mkdirSync(at('.cache'), { recursive: true })
  writeFileSync(consoleStamp, value)
}
