// `npm run parley -- <command>`: the `parley` command, built first where needed.
import { runBuilt } from './lib/run-built.mjs'

await runBuilt('packages/server/dist/cli/main.js', process.argv.slice(2))
