// `npm run test:long`: soaks and long loops (`*.long.test.ts`), which `npm test` leaves out.
import { build } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { createTally } from './lib/tally.mjs'
import { vitest } from './lib/vitest.mjs'

await install()
await build()
const tally = createTally()
await tally.step('long tests', () =>
  vitest(['--passWithNoTests', ...process.argv.slice(2)], { PARLEY_LONG: '1' }),
)
tally.finish()
