import { existsSync } from 'node:fs'
import { installDebian } from './debian.mjs'

// The browser tests find Chromium by themselves (packages/testkit/src/browser) and say so when there is none. All this
// does is to install Debian's package first where it can be.

/** Installs Chromium where it is missing and this is a Debian system that we may change. */
export async function provideChromium() {
  if (process.env.PARLEY_CHROMIUM || existsSync('/usr/bin/chromium')) return
  await installDebian('chromium')
}
