import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { makeRoom, roomId, say } from './support/rooms.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

describeInBrowser(
  'webhooks in the console',
  (world) => {
    const receiver = new Receiver()
    beforeAll(() => receiver.listen())
    afterAll(() => receiver.close())

    test('are made, their secret shown once, and get what happens', async () => {
      receiver.status = 204
      const page = await world.open('/webhooks')
      await page.getByText('No webhooks yet.').waitFor()
      await shot(page, 'webhooks-empty')
      await page.getByRole('button', { name: 'New webhook' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Address').fill(receiver.url)
      await dialog.getByLabel('Description').fill('Everything that is said')
      await dialog.getByRole('group', { name: 'Events' }).getByText('Some').click()
      await shot(page, 'dialog-webhook')
      await dialog.getByRole('button', { name: 'Create webhook' }).click()
      const secret = (await page.getByTestId('secret').textContent()) ?? ''
      expect(secret).toMatch(/^whsec_/)
      await shot(page, 'dialog-secret')
      await page.getByRole('button', { name: 'Done' }).click()
      await page.getByRole('link', { name: receiver.url }).click()
      await page.getByText('Nothing was sent yet.').waitFor()

      await talk(await world.open('/threads'), 'A first message')

      await delivery(page, 'sent').waitFor()
      expect(await page.content()).not.toContain(secret)
      await page.getByRole('button', { name: '1 attempt' }).click()
      await expect.poll(() => page.getByTestId('attempt').textContent(), patience).toContain('204')
      await shot(page, 'webhook-sent')
      expect(receiver.received).toEqual(['A first message'])
    })

    test('keep what was given up, until it is sent again', async () => {
      receiver.status = 400
      const page = await openFirst(world.open('/webhooks'))
      await talk(await world.open('/threads'), 'A refused message')

      await page.getByText('Dead', { exact: true }).first().click()
      await delivery(page, 'dead').waitFor()
      await expect.poll(() => state(page), patience).toBe('failing')
      await page.getByRole('button', { name: '1 attempt' }).click()
      await page.getByTestId('attempt').waitFor()
      await shot(page, 'webhook-dead')
      receiver.status = 204
      await page.getByRole('button', { name: 'Retry message' }).click()

      await page.getByText('Nothing was given up.').waitFor()
      await expect.poll(() => state(page), patience).toBe('enabled')
      expect(receiver.received).toContain('A refused message')
    })

    test('send a room again, from a number on', async () => {
      receiver.status = 204
      const room = await world.open('/threads')
      await talk(room, 'Once')
      await say(room, 'and again')
      await expect.poll(() => receiver.received, patience).toContain('and again')
      const page = await openFirst(world.open('/webhooks'))
      await page.getByRole('button', { name: 'Replay…' }).click()
      await page.getByLabel('Id of the room').fill(roomId(room))
      await page.getByLabel('From event number').fill('4')
      await page.getByRole('button', { name: 'Send again' }).click()

      await page.getByText('1 event is on its way.').waitFor()
      await page.getByRole('button', { name: 'Done' }).click()
      await page.getByText('replay', { exact: true }).waitFor()
      const times = () => receiver.received.filter((text) => text === 'and again').length
      await expect.poll(times, patience).toBe(2)
    })

    test('are disabled, get a new secret, and are deleted', async () => {
      const page = await openFirst(world.open('/webhooks'))
      await page.getByRole('button', { name: 'Disable' }).click()
      await expect.poll(() => state(page), patience).toBe('disabled')
      await page.getByRole('button', { name: 'Enable' }).click()
      await expect.poll(() => state(page), patience).toBe('enabled')

      await page.getByRole('button', { name: 'Rotate secret' }).click()
      await page.getByRole('button', { name: 'New secret' }).click()
      expect(await page.getByTestId('secret').textContent()).toMatch(/^whsec_/)
      await page.getByRole('button', { name: 'Done' }).click()
      await page.getByRole('button', { name: 'Delete' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Delete webhook' }).click()

      await page.getByText('No webhooks yet.').waitFor()
    })

    test('are not made for an address inside', async () => {
      world.expectTrouble(/status of 400/)
      const page = await world.open('/webhooks')
      await page.getByRole('button', { name: 'New webhook' }).click()
      await page.getByLabel('Address').fill('http://10.0.0.1/hook')
      await page.getByRole('button', { name: 'Create webhook' }).click()

      await page.getByRole('alert').waitFor()
      expect(await page.getByTestId('secret').count()).toBe(0)
    })
  },
  { env: { PARLEY_WEBHOOK_ADDRESSES: '127.0.0.1' } },
)

/** Another program that hears what is said in rooms. */
class Receiver {
  /** What it answers. */
  status = 204
  /** The messages that it took. */
  readonly received: string[] = []
  #server: Server | undefined

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}/hook`
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      // Who hangs up in the middle gets no answer.
      this.#take(request, response).catch(() => response.destroy())
    })
    this.#server = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { data } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (this.status === 204) this.received.push(data.content[0].text)
    response.writeHead(this.status).end()
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve))
  }
}

/** Says something in a room of its own. */
async function talk(page: Page, words: string): Promise<void> {
  await makeRoom(page, { title: words })
  await say(page, words)
  await page.locator('[data-parley-item=message]', { hasText: words }).waitFor()
}

async function openFirst(opening: Promise<Page>): Promise<Page> {
  const page = await opening
  await page.getByTestId('webhook').first().getByRole('link').first().click()
  await page.getByRole('heading', { name: 'Deliveries' }).waitFor()
  return page
}

const delivery = (page: Page, state: string) => page.locator(`[data-testid=delivery][data-state=${state}]`)

const state = (page: Page) => page.getByTestId('webhook-state').getAttribute('data-state')
