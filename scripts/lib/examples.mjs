import { existsSync, readdirSync } from 'node:fs'
import { at } from './root.mjs'
import { run, runNode } from './run.mjs'

const maxSeconds = 120

/** The stories that check themselves: `examples/<name>/check.ts`, compiled by `tsc -b` like everything else. */
export function exampleNames() {
  return readdirSync(at('examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(at('examples', entry.name, 'check.ts')))
    .map((entry) => entry.name)
    .sort()
}

/** Runs one story as a user would: from its own folder, on the build. */
export function checkExample(name) {
  const cwd = at('examples', name)
  const program = [at('examples', name, 'dist/check.js')]
  if (process.platform === 'win32') return runNode(program, { cwd, quiet: true })
  return run('timeout', ['--kill-after=5', String(maxSeconds), process.execPath, ...program], {
    cwd,
    quiet: true,
  })
}
