import type { BrowserContext } from 'playwright-core'

/** Collects what goes wrong in pages and would otherwise be seen by nobody. */
export class Troubles {
  #seen: string[] = []
  #expected: RegExp[] = []

  async watch(context: BrowserContext): Promise<void> {
    context.on('weberror', (error) => this.#seen.push(`thrown: ${String(error.error())}`))
    context.on('console', (message) => {
      if (message.type() !== 'error') return
      this.#seen.push(`console: ${message.text()} ${message.location().url}`.trim())
    })
    await context.addInitScript(() => {
      // Some violations reach the page only: code made of text is reported, but not written to the console.
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        console.error(`content security policy: ${violatedDirective} ${blockedURI}`)
      })
    })
  }

  expect(pattern: RegExp): void {
    this.#expected.push(pattern)
  }

  /** What came and was not expected. Forgets everything. */
  take(): string[] {
    const unexpected = this.#seen.filter((text) => !this.#expected.some((pattern) => pattern.test(text)))
    this.#seen = []
    this.#expected = []
    return unexpected
  }
}
