// `npm run lint`: Biome and oxlint. `npm run format` repairs what can be repaired.
import { compile } from './lib/build.mjs'
import { install } from './lib/install.mjs'
import { biome, oxlint } from './lib/linters.mjs'
import { createTally } from './lib/tally.mjs'

await install()
const tally = createTally()
await tally.step('types', compile)
await tally.step('biome', biome)
await tally.step('oxlint', oxlint)
tally.finish()
