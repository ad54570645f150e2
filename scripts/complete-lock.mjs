// `npm run lock [-- --check] [-- FILE]`: adds to package-lock.json the optional packages for other platforms that the
// registry in use did not serve. Run it after a change of dependencies. With --check: only says what is missing.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { completeLock, missingOptionals } from './lib/lock.mjs'
import { at } from './lib/root.mjs'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } })
const file = positionals[0] ?? at('package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
const missing = missingOptionals(lock)

for (const { name, version } of missing) console.log(`${name}@${version}`)
if (values.check) process.exitCode = missing.length > 0 ? 1 : 0
else if (missing.length > 0) writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`)
