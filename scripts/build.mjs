// `npm run build`: compiles every workspace and bundles the console.
import { build } from './lib/build.mjs'
import { install } from './lib/install.mjs'

await install()
await build()
