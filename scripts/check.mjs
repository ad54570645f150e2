// `npm run check`: what needs no service and no browser: types, lint, unused code, architecture.
import { bundleConsole, compile } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { biome, knip, oxlint } from './lib/linters.mjs'
import { createTally } from './lib/tally.mjs'
import { vitest } from './lib/vitest.mjs'

await install()
const tally = createTally()
await tally.step('types', compile)
await tally.step('console', bundleConsole)
await tally.step('biome', biome)
await tally.step('oxlint', oxlint)
await tally.step('knip', knip)
await tally.step('architecture', () => vitest(['tests/architecture']))
tally.finish()
