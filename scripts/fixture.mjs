// `npm run fixture -- <plane> --port N [--db sqlite|postgres]`: one plane as a server for other programs' tests.
import { runBuilt } from './lib/run-built.mjs'

await runBuilt('packages/server/dist/fixture/main.js', process.argv.slice(2))
