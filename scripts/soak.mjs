// `npm run soak -- relay [--minutes 30] [--seed N]`: breaks everything for so long under people and gateways at work, and holds what
// everybody was told against what is there. `npm run test:long` does the same for five minutes.
import { parseArgs } from 'node:util'
import { build } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { say } from './lib/say.mjs'
import { createTally } from './lib/tally.mjs'
import { vitest } from './lib/vitest.mjs'

const soaks = { relay: 'tests/chaos/relay.long.test.ts' }
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
})
const [name = 'relay'] = positionals
const minutes = Number(values.minutes)
if (!Object.hasOwn(soaks, name) || !(minutes > 0)) {
  say(`npm run soak -- ${Object.keys(soaks).join('|')} [--minutes 30] [--seed N]`)
  process.exit(2)
}

await install()
await build()
const tally = createTally()
const env = { PARLEY_LONG: '1', PARLEY_SOAK_MINUTES: String(minutes), PARLEY_CHAOS_SEED: values.seed }
await tally.step(`soaking ${name} for ${minutes} minutes, seed ${values.seed}`, () =>
  vitest([soaks[name]], env),
)
tally.finish()
