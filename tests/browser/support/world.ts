import { launchBrowser, type TestBrowser } from '@parley/testkit/browser'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { hasChromium } from './chromium.js'
import { type ServerOptions, type ServerProcess, startServerProcess } from './server-process.js'
import { Troubles } from './troubles.js'

/** What the tests of a file share: one server and one browser. Every test ends with its contexts closed. */
export interface World {
  readonly server: ServerProcess
  /** A page of the signed-in owner, in a context of its own, that shows `path`. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>
  /** The same for somebody who is not signed in. */
  openAsStranger(path: string, options?: BrowserContextOptions): Promise<Page>
  /** Lets the test end although the browser reports this, such as a request that the test makes fail. */
  expectTrouble(pattern: RegExp): void
}

/**
 * Describes tests in a browser against a server process. Each test fails when a page writes an error to its console,
 * throws, or breaks its content security policy, unless it said so before.
 */
export function describeInBrowser(
  name: string,
  body: (world: World) => void,
  options: ServerOptions | (() => Promise<ServerOptions>) = {},
): void {
  describe.skipIf(!hasChromium)(name, () => {
    const world = new OneServerWorld()
    beforeAll(async () => world.begin(typeof options === 'function' ? await options() : options))
    afterAll(() => world.end())
    afterEach(() => world.endTest())
    body(world)
  })
}

class OneServerWorld implements World {
  server!: ServerProcess
  #browser: TestBrowser | undefined
  #signedIn: Awaited<ReturnType<BrowserContext['storageState']>> | undefined
  readonly #contexts: BrowserContext[] = []
  readonly #troubles = new Troubles()

  async begin(options: ServerOptions): Promise<void> {
    ;[this.server, this.#browser] = await Promise.all([startServerProcess(options), launchBrowser()])
  }

  async end(): Promise<void> {
    await this.#browser?.close()
    await this.server?.remove()
  }

  async endTest(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()))
    expect(this.#troubles.take()).toEqual([])
  }

  expectTrouble(pattern: RegExp): void {
    this.#troubles.expect(pattern)
  }

  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    this.#signedIn ??= await this.#signIn()
    return this.openAsStranger(path, { ...options, storageState: this.#signedIn })
  }

  async openAsStranger(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser!.browser.newContext({ baseURL: this.server.url, ...options })
    this.#contexts.push(context)
    await this.#troubles.watch(context)
    const page = await context.newPage()
    await page.goto(path)
    return page
  }

  async #signIn() {
    const page = await this.openAsStranger(await this.server.newOwnerLink())
    await page.getByRole('heading', { name: 'Handshakes' }).waitFor()
    return page.context().storageState()
  }
}
