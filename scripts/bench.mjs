// `npm run bench -- NAME…` or `-- --quick`: runs bench/main.ts, compiled. Without arguments: says what there is.
import { runBuilt } from './lib/run-built.mjs'

await runBuilt('bench/dist/main.js', process.argv.slice(2))
