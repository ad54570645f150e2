import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { addBot, addPerson, bubble, enrol, gatewayRow, linkUser, say, startAgent } from './support/relay.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const chatOf = (botId: string, platform = 'telegram') => `/simulator/${platform}/${botId}/chat`

describeInBrowser('a chat platform that the console simulates', (world) => {
  test('from an empty server to an agent that answers, sleeps, and misses nothing', async () => {
    const page = await world.open('/platforms')
    await page.getByText('No bots yet.').waitFor()
    await shot(page, 'relay-platforms-empty')
    await addBot(page, 'acme', '7000000001')
    await page.getByTestId('health').getByText('Well').waitFor()
    const lines = await enrol(page, 'acme', 'gw-1')
    const agent = await startAgent(lines)
    await expect.poll(() => gatewayRow(page, 'gw-1').getAttribute('data-state'), patience).toBe('live')
    await shot(page, 'relay-gateways-live')

    await page.goto(chatOf('7000000001'))
    await page.getByText('Nobody is on this platform yet.').waitFor()
    await shot(page, 'relay-simulator-empty')
    await addPerson(page, 'Ada')
    await say(page, 'Is anybody there?')
    await bubble(page, 'person', 'Is anybody there?').waitFor()
    const other = await world.open('/decisions')
    await other.getByTestId('decision').first().waitFor()
    await shot(other, 'relay-decisions')

    await linkUser(other, 'acme', 'ada')
    await shot(other, 'relay-tenant')
    await say(page, 'react to this')
    await page.getByTestId('reaction').getByText('👍').waitFor()
    await say(page, 'think about it')
    await page.getByTestId('typing').waitFor()
    await shot(page, 'relay-simulator-typing')
    await say(page, 'Hello')
    await bubble(page, 'bot', 'You said: Hello').waitFor()
    await say(page, 'ask me')
    await bubble(page, 'bot', 'Deploy now?').waitFor()
    await shot(page, 'relay-simulator-question')
    await page.getByTestId('press').getByText('Deploy').click()
    await bubble(page, 'bot', 'You chose Deploy.').waitFor()
    await shot(page, 'relay-simulator')

    await other.goto('/receipts')
    await other.locator('[data-testid=receipt][data-op=prompt]').waitFor()
    await other.getByText('You said: Hello').waitFor()
    await shot(other, 'relay-receipts')

    await agent.stop()
    await other.goto('/gateways')
    await expect.poll(() => gatewayRow(other, 'gw-1').getAttribute('data-state'), patience).toBe('idle')
    await say(page, 'Are you asleep?')
    await say(page, 'Wake up')
    const waiting = other.getByTestId('buffer')
    await expect.poll(() => waiting.getAttribute('data-entries'), patience).toBe('2')
    await shot(other, 'relay-gateways-waiting')
    await other.goto('/tenants')
    await other.getByText('2 messages waiting').waitFor()
    await shot(other, 'relay-tenants')
    await other.goto('/gateways')

    await startAgent(lines)
    await bubble(page, 'bot', 'You said: Wake up').waitFor()
    await expect.poll(() => waiting.getAttribute('data-entries'), patience).toBe('0')
    // Six of Ada's that are answered once each where the agent answers, and one that it thinks about.
    const said = async (by: string) => page.locator(`[data-testid=sim-message][data-by=${by}]`).count()
    expect([await said('person'), await said('bot')]).toEqual([7, 5])
  })

  test('what could not be sent is sent again by hand', async () => {
    const page = await world.open('/platforms')
    await addBot(page, 'globex', '42')
    await startAgent(await enrol(page, 'globex', 'gw-2'))
    await linkUser(page, 'globex', 'bo')
    await page.goto(chatOf('42'))
    await addPerson(page, 'Bo')
    await page.getByLabel('The platform is down').check()
    await page.getByTestId('fault-words').waitFor()
    await say(page, 'Anybody?')
    await shot(page, 'relay-simulator-outage')

    const receipts = await world.open('/receipts')
    await receipts.getByText('Dead', { exact: false }).first().waitFor()
    const dead = receipts.locator('[data-testid=receipt][data-state=dead]')
    await dead.waitFor()
    await shot(receipts, 'relay-receipts-dead')
    await page.getByLabel('The platform is down').uncheck()
    await expect.poll(() => page.getByTestId('fault-words').count(), patience).toBe(0)
    await dead.getByRole('button', { name: 'Send send again' }).click()
    await expect.poll(() => dead.count(), patience).toBe(0)
    await bubble(page, 'bot', 'You said: Anybody?').waitFor()

    await receipts.goto('/decisions')
    await receipts.getByText('Changes', { exact: true }).click()
    await receipts.getByText('Sent again').waitFor()
    await shot(receipts, 'relay-changes')
  })

  test('what may have been sent is sent again only after a question', async () => {
    const page = await world.open('/platforms')
    await addBot(page, 'initech', '43')
    await startAgent(await enrol(page, 'initech', 'gw-3'))
    await linkUser(page, 'initech', 'cy')
    await page.goto(chatOf('43'))
    await addPerson(page, 'Cy')
    await page.getByLabel('Done, but no answer').selectOption('100 %')
    await page.getByTestId('fault-words').waitFor()
    await say(page, 'Once?')
    await bubble(page, 'bot', 'You said: Once?').waitFor()

    const receipts = await world.open('/receipts')
    const parked = receipts.locator('[data-testid=receipt][data-state=parked]')
    await parked.waitFor()
    await page.getByLabel('Done, but no answer').selectOption('Never')
    await expect.poll(() => page.getByTestId('fault-words').count(), patience).toBe(0)
    await receipts
      .getByText(/^Parked/)
      .first()
      .click()
    await receipts.getByText('may be there twice').waitFor()
    await parked.getByRole('button', { name: 'Send send again' }).click()
    const question = receipts.getByRole('alertdialog')
    await question.getByText('Then it is there twice.').waitFor()
    await shot(receipts, 'relay-receipts-parked')
    await question.getByRole('button', { name: 'Send again' }).click()
    await expect.poll(() => bubble(page, 'bot', 'You said: Once?').count(), patience).toBe(2)
  })

  test('several people, a scope, a group and a thread', async () => {
    const page = await world.open('/platforms')
    await addBot(page, 'guilds', '99', 'discord')
    await page.goto(chatOf('99', 'discord'))
    await addPerson(page, 'Ada')
    await addPerson(page, 'Zoë Long')
    await page.getByRole('button', { name: 'New scope' }).click()
    await page.getByLabel('Name').fill('Guild')
    await page.getByRole('button', { name: 'Make scope' }).click()
    await page.getByTestId('sim-scope').getByText('2 members').waitFor()
    await makeChat(page, 'general')
    await say(page, 'First')
    await page.getByLabel('Write as').selectOption('Zoë Long')
    await say(page, 'Second')
    const first = bubble(page, 'person', 'First')
    await expect.poll(() => first.getAttribute('data-own'), patience).toBe('false')
    await first.hover()
    await first.getByRole('button', { name: 'Reply' }).click()
    await say(page, 'To the first')
    await bubble(page, 'person', 'To the first').locator('.sim-quote').getByText('First').waitFor()
    await makeChat(page, 'details', 'Thread')
    await page.getByText('Nothing was said here yet.').waitFor()
    await shot(page, 'relay-simulator-people')
    expect(await page.getByTestId('sim-chat').allTextContents()).toEqual([
      'Ada',
      'Zoë Long',
      '#general',
      '↳ details',
    ])
  })

  test('a person links themselves with a code', async () => {
    const page = await world.open('/platforms')
    await addBot(page, 'hooli', '50', 'slack')
    await startAgent(await enrol(page, 'hooli', 'gw-5'))
    await page.goto('/tenants/hooli/detail')
    await page.getByRole('button', { name: 'Create a link code' }).click()
    await page.getByRole('dialog').getByLabel('Platform').selectOption('slack')
    await page.getByRole('button', { name: 'Create code' }).click()
    const command = (await page.getByTestId('link-code').textContent())!
    expect(command).toMatch(/^\/link \w{4}-\w{4}$/)
    await shot(page, 'relay-link-code')
    await page.getByRole('button', { name: 'Done' }).click()

    const chat = await world.open(chatOf('50', 'slack'))
    await addPerson(chat, 'Dee')
    await say(chat, command)
    await page.getByTestId('link').getByText('slack:dee').waitFor()
    await bubble(chat, 'bot', /Linked/).waitFor()
    await page.getByRole('button', { name: 'Unlink dee' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Unlink' }).click()
    await page.getByText('Nobody is linked.').waitFor()
  })

  test('a gateway gets a new secret, a token, and its end; a bot is tested, switched off and removed', async () => {
    const page = await world.open('/platforms')
    await addBot(page, 'umbrella', '60')
    const before = await enrol(page, 'umbrella', 'gw-6')
    await page.getByRole('button', { name: 'Rotate gw-6' }).click()
    await page.getByRole('button', { name: 'New secret' }).click()
    const after = (await page.getByTestId('environment').textContent())!
    expect(after.split('\n').map((line) => line.split('=')[0])).toEqual(
      before.split('\n').map((line) => line.split('=')[0]),
    )
    expect(after).not.toBe(before)
    await shot(page, 'relay-rotate')
    await page.getByRole('button', { name: 'Done' }).click()
    await gatewayRow(page, 'gw-6').getByText('two secrets').waitFor()

    await page.getByRole('button', { name: 'Enrolment token' }).click()
    await page.getByRole('dialog').getByLabel('Tenant').fill('umbrella')
    await page.getByRole('button', { name: 'Make token' }).click()
    await page.getByTestId('enrolment').getByText('GATEWAY_RELAY_ENROLL_TOKEN=').waitFor()
    await shot(page, 'relay-enrolment-token')
    await page.getByRole('button', { name: 'Done' }).click()

    await page.getByRole('button', { name: 'Revoke gw-6' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke gateway' }).click()
    await expect.poll(() => gatewayRow(page, 'gw-6').count(), patience).toBe(0)
    await page.getByRole('button', { name: /^Show \d revoked$/ }).click()
    await gatewayRow(page, 'gw-6').getByText('Revoked', { exact: true }).waitFor()

    await page.goto('/platforms')
    const bot = page.locator('[data-testid=bot][data-bot="telegram:60"]')
    await bot.getByRole('button', { name: /^Test / }).click()
    await bot.getByRole('status').waitFor()
    await bot.getByRole('button', { name: / off$/ }).click()
    await bot.getByText('Off', { exact: true }).waitFor()
    await shot(page, 'relay-platforms')
    await bot.getByRole('button', { name: / on$/ }).click()
    await bot.getByText('Well').waitFor()
    await bot.getByRole('button', { name: /^Remove / }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove bot' }).click()
    await expect.poll(() => bot.count(), patience).toBe(0)
  })
})

async function makeChat(page: Page, name: string, kind?: string): Promise<void> {
  await page.getByRole('button', { name: 'New chat' }).click()
  const dialog = page.getByRole('dialog')
  if (kind) await dialog.getByText(kind, { exact: true }).click()
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Make chat' }).click()
  await page.getByTestId('sim-chat').and(page.locator('[aria-current=true]')).getByText(name).waitFor()
}
