export { findChromium } from './find-chromium.js'
export { launchBrowser, type TestBrowser } from './launch-browser.js'
