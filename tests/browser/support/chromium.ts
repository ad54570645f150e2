import { findChromium } from '@parley/testkit/browser'

const path = await findChromium()
if (!path && process.env.CI === 'true') throw new Error('CI needs a Chromium for its tests.')

/** False where there is no Chromium; the reason was printed. Tests of this folder are skipped then. */
export const hasChromium = path !== undefined
