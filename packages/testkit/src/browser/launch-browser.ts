import type { Browser, Page } from 'playwright-core'
import { findChromium } from './find-chromium.js'

/** A headless Chromium with a profile of its own. */
export type TestBrowser = {
  readonly browser: Browser
  /** A page in a context of its own: it shares no cookie and no storage with the others. */
  newPage(options?: { baseURL?: string }): Promise<Page>
  /** Errors that no page caught, and what pages wrote to `console.error`, as they came. A good test ends with none. */
  readonly problems: readonly string[]
  /** Ends the browser and removes its profile. Harmless when it has ended. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

// Quiet: nothing is fetched, synchronised or updated behind a test's back. HTTP/3 would hide what our server is sent.
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts the Chromium that `findChromium` finds; throws where there is none. The caller closes it, by `close` or with
 * `await using`; it ends with this process in any case.
 */
export async function launchBrowser(): Promise<TestBrowser> {
  const executablePath = await findChromium()
  if (!executablePath)
    throw new Error('There is no Chromium: skip this test where findChromium() finds none.')
  // WHY: loaded here, a test file that skips its browser tests doesn't pay for the driver.
  const { chromium } = await import('playwright-core')
  // OUTSIDE: Chromium's own sandbox refuses to run as root and in most containers. Playwright makes a fresh user
  //          data folder for each launch, removes it on close, and takes the browser along when this process ends.
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    chromiumSandbox: false,
    args: flags,
  })
  return toTestBrowser(browser)
}

function toTestBrowser(browser: Browser): TestBrowser {
  const problems: string[] = []
  const close = () => browser.close()
  return {
    browser,
    problems,
    close,
    [Symbol.asyncDispose]: close,
    async newPage(options) {
      const page = await (await browser.newContext(options)).newPage()
      page.on('pageerror', (error) => problems.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      return page
    },
  }
}
