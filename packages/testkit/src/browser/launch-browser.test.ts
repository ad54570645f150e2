import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findChromium } from './find-chromium.js'
import { launchBrowser, type TestBrowser } from './launch-browser.js'

const chromium = await findChromium()

describe.skipIf(!chromium)('a test browser', () => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<title>A page</title><p id="name"></p>')
  })
  let browser: TestBrowser
  let baseURL: string

  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    server.close()
  })

  test('loads a page and runs its scripts', async () => {
    const page = await browser.newPage({ baseURL })
    await page.goto('/')
    await page.evaluate(() => {
      document.querySelector('#name')!.textContent = 'Ada'
    })

    expect(await page.title()).toBe('A page')
    expect(await page.textContent('#name')).toBe('Ada')
  })

  test('gives each page a storage of its own', async () => {
    const [one, two] = [await browser.newPage({ baseURL }), await browser.newPage({ baseURL })]
    await Promise.all([one.goto('/'), two.goto('/')])
    await one.evaluate(() => localStorage.setItem('who', 'one'))

    expect(await two.evaluate(() => localStorage.getItem('who'))).toBeNull()
  })

  test('remembers what went wrong in its pages', async () => {
    await using own = await launchBrowser()
    const page = await own.newPage()
    await page.setContent(
      '<script>console.error("first"); setTimeout(() => { throw new Error("second") })</script>',
    )

    await vi.waitFor(() => expect(own.problems).toEqual(['first', 'Error: second']))
  })
})

test('a browser that was named and is not there is not found, and the reason is printed', async () => {
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true)

  expect(await findChromium({ PARLEY_CHROMIUM: '/nowhere/chromium' })).toBeUndefined()
  expect(printed).toHaveBeenCalledWith(expect.stringContaining('No Chromium for tests: /nowhere/chromium'))
  printed.mockRestore()
})
