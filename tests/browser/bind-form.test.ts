import { HandshakeAgent } from '@parley/handshake/client'
import { launchBrowser, type TestBrowser } from '@parley/testkit/browser'
import type { Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { controls, formData, keys } from './support/all-controls.js'
import { hasChromium } from './support/chromium.js'
import { contextOf, patience } from './support/demo.js'
import { type FormServer, startFormServer } from './support/form-server.js'
import { Troubles } from './support/troubles.js'

describe.skipIf(!hasChromium)('a form on a page of one’s own, bound by one call', () => {
  const troubles = new Troubles()
  let site: FormServer
  let browser: TestBrowser

  beforeAll(async () => {
    ;[site, browser] = await Promise.all([startFormServer(controls), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
  afterEach(() => expect(troubles.take()).toEqual([]))

  async function open(): Promise<Page> {
    const context = await browser.browser.newContext({ baseURL: site.url })
    onTestFinished(() => context.close())
    await troubles.watch(context)
    const page = await context.newPage()
    await page.goto('/')
    return page
  }

  /** Binds the form and returns the agent of its prompt, with what creating sent. */
  async function bind(page: Page): Promise<{ agent: HandshakeAgent; created: Request }> {
    const [created] = await Promise.all([
      page.waitForRequest('**/handshake/session'),
      page.getByRole('button', { name: 'Bind' }).click(),
    ])
    await page.locator('body[data-bound]').waitFor()
    const prompt = await page.evaluate(() =>
      (window as unknown as { binding: { prompt(): string } }).binding.prompt(),
    )
    return { agent: HandshakeAgent.fromPrompt(prompt), created }
  }

  // proves: handshake.h25
  test('sends null for what nobody touched, what the page filled in, and no secret at all', async () => {
    const page = await open()
    await page.getByLabel('Password').fill('secret-password')
    await page
      .getByLabel('File')
      .setInputFiles({ name: 'f', mimeType: 'text/plain', buffer: Buffer.from('secret-file') })
    await page.getByLabel('Card').fill('secret-card')
    await page.getByLabel('Off').fill('secret-off')

    const { created } = await bind(page)

    expect(created.postDataJSON().context).toEqual({
      ...Object.fromEntries(keys.map((key) => [key, null])),
      given: 'from the page',
    })
    expect(created.postData()).not.toContain('secret')
    const declared = created.postDataJSON().schema as { key: string; type: string }[]
    expect(declared.map(({ key, type }) => [key, type])).toEqual([
      ['text', 'string'],
      ['number', 'int'],
      ['ratio', 'float'],
      ['slider', 'int'],
      ['agree', 'bool'],
      ['days', 'array<string>'],
      ['size', 'enum'],
      ['colour', 'enum'],
      ['tags', 'array<string>'],
      ['day', 'string'],
      ['time', 'string'],
      ['moment', 'datetime'],
      ['long', 'string'],
      ['given', 'string'],
    ])
  })

  test('lets an agent fill every kind of control', async () => {
    const page = await open()
    const { agent } = await bind(page)

    const answer = await agent.action(
      {
        text: 'Hello',
        number: 3,
        ratio: 0.5,
        slider: 7,
        agree: true,
        days: ['tue'],
        size: 'l',
        colour: 'blue',
        tags: ['a', 'c'],
        day: '2026-06-23',
        time: '13:45',
        moment: '2026-06-23T02:22:00',
        long: 'Two\nlines',
        given: 'not mine to change',
      },
      { intervalMs: 0 },
    )

    expect(answer).toMatchObject({ applied: keys, rejected: ['given'], errors: [] })
    await expect
      .poll(() => formData(page), patience)
      .toEqual({
        text: ['Hello'],
        number: ['3'],
        ratio: ['0.5'],
        slider: ['7'],
        agree: ['on'],
        days: ['tue'],
        size: ['l'],
        colour: ['blue'],
        tags: ['a', 'c'],
        day: ['2026-06-23'],
        time: ['13:45'],
        moment: ['2026-06-23T02:22'],
        long: ['Two\nlines'],
        given: ['from the page'],
      })
  })

  test('reports what the user does with every kind of control, and never a secret', async () => {
    const page = await open()
    const sent: string[] = []
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))))
    page.on('request', (request) => sent.push(request.postData() ?? ''))
    const { agent } = await bind(page)

    await page.getByLabel('Password').fill('secret-password')
    await page.getByLabel('Card').fill('secret-card')
    await page.getByLabel('Off').fill('secret-off')
    await page.getByLabel('Text').fill('Hello')
    await page.getByLabel('Number').fill('4')
    await page.getByLabel('Slider').fill('9')
    await page.getByLabel('Agree').check()
    await page.getByLabel('Monday').check()
    await page.getByLabel('Tuesday').check()
    await page.getByLabel('Small').check()
    await page.getByLabel('Colour').selectOption('blue')
    await page.getByLabel('Tags').selectOption(['b', 'c'])
    await page.getByLabel('Day', { exact: true }).fill('2026-06-24')
    await page.getByLabel('Moment').fill('2026-06-24T10:00')
    await page.getByLabel('Long').fill('One\nTwo')

    const expected = {
      text: 'Hello',
      number: 4,
      slider: 9,
      agree: true,
      days: ['mon', 'tue'],
      size: 's',
      colour: 'blue',
      tags: ['b', 'c'],
      day: '2026-06-24',
      moment: '2026-06-24T10:00:00',
      long: 'One\nTwo',
    }
    await expect.poll(() => valuesOf(agent, Object.keys(expected)), patience).toEqual(expected)
    expect(sent.join('\n')).not.toContain('secret')
  })

  // proves: handshake.h25
  test('never writes into a field while the user is in it, even when the server knows nothing of that', async () => {
    const page = await open()
    await page.routeWebSocket('**', (socket) => {
      const server = socket.connectToServer()
      // Edits of the user get lost on their way, so that the server lets the agent write.
      socket.onMessage((text) => String(text).includes('userEdit') || server.send(text))
    })
    const { agent } = await bind(page)
    await page.getByLabel('Text').pressSequentially('Mine')

    const answer = await agent.action({ text: 'Theirs', long: 'Theirs' }, { intervalMs: 0 })

    expect(answer.applied).toEqual(['text', 'long'])
    await expect.poll(() => page.getByLabel('Long').inputValue(), patience).toBe('Theirs')
    expect(await page.getByLabel('Text').inputValue()).toBe('Mine')
    expect(await page.getByLabel('Text').getAttribute('data-handshake-by')).toBe('user')
  })

  test('reads the form’s state again when the frames that it missed are gone', async () => {
    troubles.expect(/WebSocket connection to/)
    const page = await open()
    const { agent } = await bind(page)
    await agent.action({ text: 'Seen' })
    await expect.poll(() => page.getByLabel('Text').inputValue(), patience).toBe('Seen')

    site.dropSockets()
    await agent.action({ long: 'Missed', number: 5 }, { stream: false })
    const { head } = await site.ground.log.read(`handshake:${agent.sessionId}`, { after: 0, limit: 1 })
    await site.ground.log.trim(`handshake:${agent.sessionId}`, head)
    site.takeSockets()

    await expect.poll(() => page.getByLabel('Long').inputValue(), patience).toBe('Missed')
    expect(await page.getByLabel('Number').inputValue()).toBe('5')
    await agent.action({ text: 'Live again' })
    await expect.poll(() => page.getByLabel('Text').inputValue(), patience).toBe('Live again')
  })
})

async function valuesOf(agent: HandshakeAgent, wanted: readonly string[]): Promise<Record<string, unknown>> {
  const context = await contextOf(agent)
  return Object.fromEntries(wanted.map((key) => [key, context[key]?.value]))
}
