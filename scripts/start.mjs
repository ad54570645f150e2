// `npm start`: installs and builds what is missing, then runs the server until it is told to stop.
import { runBuilt } from './lib/run-built.mjs'

await runBuilt('packages/server/dist/cli/main.js', ['up', ...process.argv.slice(2)])
