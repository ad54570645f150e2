import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { background, nameOfFocused, overflowing, showsFocus, tabTo } from './support/layout.js'
import { addBot, addPerson, bubble, enrol, linkUser, say, startAgent } from './support/relay.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const long = 'unbroken'.repeat(12)

describeInBrowser('the relay on a narrow screen', (world) => {
  for (const width of [390, 320]) {
    test(`no page scrolls sideways at ${width} pixels, whatever is in it`, async () => {
      const viewport = { width, height: 700 }
      const tenant = `${long}-${width}`
      const botId = `${long}${width}`
      const page = await world.open('/platforms', { viewport })
      await page.getByRole('button', { name: 'Add a bot' }).click()
      await page.getByRole('dialog').getByLabel('Platform').selectOption('sim')
      await fits(page, `relay-${width}-dialog-bot`)
      await page.keyboard.press('Escape')
      await addBot(page, tenant, botId)
      await fits(page, `relay-${width}-platforms`)

      await page.goto('/gateways')
      await page.getByRole('button', { name: 'Enrol a gateway' }).click()
      await fits(page, `relay-${width}-dialog-enrol`)
      await page.keyboard.press('Escape')
      const agent = await startAgent(await enrol(page, tenant, `${long}-gw-${width}`))
      await fits(page, `relay-${width}-gateways`)
      await linkUser(page, tenant, 'ada')
      await fits(page, `relay-${width}-tenant`)

      await page.goto(`/simulator/telegram/${botId}/chat`)
      await page.getByRole('button', { name: 'Platform', exact: true }).click()
      await fits(page, `relay-${width}-sheet-empty`)
      await addPerson(page, 'Ada')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Close' }).waitFor({ state: 'detached' })
      await say(page, 'ask me')
      await bubble(page, 'bot', 'Deploy now?').waitFor()
      await page.getByTestId('press').getByText('Not now').click()
      await bubble(page, 'bot', 'You chose Not now.').waitFor()
      await say(page, `${long} ${long}\nand a second line of it`)
      await bubble(page, 'bot', `You said: ${long}`).waitFor()
      await fits(page, `relay-${width}-simulator`)
      // What scrolls is the conversation, not the page.
      const heights = () => page.evaluate(() => [document.documentElement.scrollHeight, innerHeight])
      const [scrolled, seen] = await heights()
      expect(scrolled).toBe(seen)

      await page.goto('/receipts')
      await page.getByTestId('receipt').first().waitFor()
      await fits(page, `relay-${width}-receipts`)
      await page.goto('/decisions')
      await page.getByTestId('decision').first().waitFor()
      await fits(page, `relay-${width}-decisions`)
      await page.getByText('Changes', { exact: true }).click()
      await page.getByTestId('change').first().waitFor()
      await fits(page, `relay-${width}-changes`)
      for (const path of ['/tenants', '/simulator']) {
        await page.goto(path)
        await page.getByText(long).first().waitFor()
        await fits(page, `relay-${width}-list${path.replace('/', '-')}`)
      }
      await agent.stop({ graceMs: 0 })
    })
  }
})

describeInBrowser('the relay in the dark', (world) => {
  test('shows everything', async () => {
    const page = await world.open('/platforms', { colorScheme: 'dark' })
    await addBot(page, 'acme', '7000000001', 'discord')
    await shot(page, 'relay-dark-platforms')
    await startAgent(await enrol(page, 'acme', 'gw-1'))
    await linkUser(page, 'acme', 'ada')
    await shot(page, 'relay-dark-tenant')
    await page.goto('/simulator/discord/7000000001/chat')
    await addPerson(page, 'Ada')
    await page.getByLabel('Messages come twice').selectOption('25 %')
    await say(page, 'ask me')
    await bubble(page, 'bot', 'Deploy now?').waitFor()
    await page.getByTestId('press').getByText('Deploy').click()
    await bubble(page, 'bot', 'You chose Deploy.').waitFor()
    await say(page, 'react to this')
    await page.getByTestId('reaction').getByText('👍').waitFor()
    await shot(page, 'relay-dark-simulator')
    await page.goto('/receipts')
    await page.getByTestId('receipt').first().waitFor()
    await shot(page, 'relay-dark-receipts')
    await page.goto('/decisions')
    await page.getByTestId('decision').first().waitFor()
    await shot(page, 'relay-dark-decisions')

    expect((await background(page)).every((channel) => channel < 80)).toBe(true)
  })
})

describeInBrowser('the relay with a keyboard alone', (world) => {
  test('a bot is added, and somebody chats with it', async () => {
    const page = await world.open('/simulator')
    await page.getByText('No simulated bots yet.').waitFor()
    await tabTo(page, 'Add a simulated bot')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByLabel('It imitates').waitFor()
    await tabTo(page, 'Id of the bot')
    await page.keyboard.type('11')
    await page.keyboard.press('Enter')
    await page.getByTestId('simulator').waitFor()
    await tabTo(page, '11')
    await page.keyboard.press('Enter')
    await page.getByText('Nobody is on this platform yet.').waitFor()
    await tabTo(page, 'Add a person')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await expect.poll(() => nameOfFocused(page), patience).toBe('Name')
    await page.keyboard.type('Ada')
    await page.keyboard.press('Enter')
    await page.getByRole('log', { name: 'Messages' }).waitFor()
    await tabTo(page, 'Message')
    expect(await showsFocus(page)).toBe(true)
    await page.keyboard.type('Hello')
    await page.keyboard.press('Enter')
    await bubble(page, 'person', 'Hello').waitFor()
  })
})

async function fits(page: Page, name: string): Promise<void> {
  await shot(page, name)
  expect(await overflowing(page), name).toEqual([])
}
