// `npm test`: everything, in one run. `npm test -- <vitest arguments>` runs only the tests these select.
import { build, bundleConsole, compile } from './lib/build.mjs'
import { provideChromium } from './lib/chromium.mjs'
import { checkExample, exampleNames } from './lib/examples.mjs'
import { install } from './lib/install.mjs'
import { biome, knip, oxlint } from './lib/linters.mjs'
import { providePythonSocketIo } from './lib/python-socketio.mjs'
import { createTally } from './lib/tally.mjs'
import { vitest } from './lib/vitest.mjs'

await install()
await provideChromium()
await providePythonSocketIo()
await (process.argv.length > 2 ? testSome(process.argv.slice(2)) : testAll())

async function testSome(args) {
  await build()
  const tally = createTally()
  await tally.step('tests', () => vitest(args))
  tally.finish()
}

async function testAll() {
  const tally = createTally()
  await tally.step('types', compile)
  await tally.step('console', bundleConsole)
  await tally.step('biome', biome)
  await tally.step('oxlint', oxlint)
  await tally.step('knip', knip)
  await tally.step('tests', () => vitest())
  for (const name of exampleNames()) await tally.step(`example ${name}`, () => checkExample(name))
  tally.finish()
}
