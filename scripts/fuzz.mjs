// `npm run fuzz -- [--runs N] [--seed S]`: the tests named `*.fuzz.test.ts`, which take their number of inputs from
// PARLEY_FUZZ_RUNS and their seed from PARLEY_FUZZ_SEED. `npm test` runs them too, with the few runs they default to.
import { parseArgs } from 'node:util'
import { build } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { createTally } from './lib/tally.mjs'
import { vitest } from './lib/vitest.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now()) },
  },
})

await install()
await build()
const tally = createTally()
const env = { PARLEY_FUZZ_RUNS: values.runs, PARLEY_FUZZ_SEED: values.seed }
await tally.step(`fuzzing, seed ${values.seed}`, () =>
  vitest(['--passWithNoTests', '.fuzz.test.', ...positionals], env),
)
tally.finish()
