import { connectRelay, type DefinedGateway, defineGateway, gatewayFromEnv } from '@parley/relay/gateway'
import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { patience } from './demo.js'

/** Adds a simulated bot of one tenant, as a person does it on its page. */
export async function addBot(
  page: Page,
  tenant: string,
  botId: string,
  platform = 'telegram',
): Promise<void> {
  await page.goto('/platforms')
  await page.getByRole('button', { name: 'Add a bot' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Platform').selectOption('sim')
  await dialog.getByLabel('It imitates').selectOption(platform)
  await dialog.getByLabel('Id of the bot').fill(botId)
  await dialog.getByLabel('Tenants').fill(tenant)
  await dialog.getByRole('button', { name: 'Add bot' }).click()
  await page.locator(`[data-testid=bot][data-bot="${platform}:${botId}"]`).waitFor()
}

/** Enrols a gateway. Answers the lines that are shown once. */
export async function enrol(page: Page, tenant: string, gatewayId: string): Promise<string> {
  await page.goto('/gateways')
  await page.getByRole('button', { name: 'Enrol a gateway' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Tenant').fill(tenant)
  await dialog.getByLabel('Id', { exact: true }).fill(gatewayId)
  await dialog.getByRole('button', { name: 'Enrol', exact: true }).click()
  const lines = (await page.getByTestId('environment').textContent())!
  await page.getByRole('button', { name: 'Done' }).click()
  await gatewayRow(page, gatewayId).waitFor()
  return lines
}

export const gatewayRow = (page: Page, gatewayId: string) =>
  page.locator(`[data-testid=gateway][data-gateway="${gatewayId}"]`)

/** Adds a person to the simulated platform that is shown; their direct chat is shown then. */
export async function addPerson(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New person' }).click()
  const dialog = page.getByRole('dialog').filter({ hasText: 'Add a person' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect
    .poll(() => page.getByLabel('Chat', { exact: true }).locator('option:checked').textContent(), patience)
    .toBe(name)
}

/** Writes in the simulated chat that is shown. */
export async function say(page: Page, text: string): Promise<void> {
  const area = page.getByRole('textbox', { name: 'Message' })
  await area.fill(text)
  await area.press('Enter')
}

/** A message of the simulated chat that is shown. */
export const bubble = (page: Page, by: 'bot' | 'person', text: string | RegExp) =>
  page.locator(`[data-testid=sim-message][data-by=${by}]`, { hasText: text })

/** Links somebody to the agent of a tenant that has one, as a person does it on its page. */
export async function linkUser(page: Page, tenant: string, userId: string): Promise<void> {
  await page.goto(`/tenants/${tenant}/detail`)
  await page.getByRole('button', { name: 'Link a user' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('User').fill(userId)
  await dialog.getByRole('button', { name: 'Link', exact: true }).click()
  await page.getByTestId('link').filter({ hasText: userId }).waitFor()
}

/** A gateway that reads the lines which the console showed, with an agent of a few words. It ends with the test. */
export async function startAgent(lines: string): Promise<DefinedGateway> {
  const environment = Object.fromEntries(
    lines.split('\n').map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1).replace(/^'|'$/g, '')]
    }),
  )
  const transport = await connectRelay(gatewayFromEnv(environment)!)
  const agent = defineGateway({
    transport,
    report: () => undefined,
    onMessage: async ({ text }, chat) => {
      if (text.startsWith('react')) return void (await chat.react('👍'))
      if (text.startsWith('think')) return void (await chat.typing())
      if (text.startsWith('ask')) {
        const options = [
          { id: 'yes', label: 'Deploy' },
          { id: 'no', label: 'Not now' },
        ]
        const chosen = await chat.ask({ text: 'Deploy now?', options })
        return void (await chat.reply(`You chose ${chosen?.label}.`))
      }
      await chat.reply(`You said: ${text}`)
    },
  })
  onTestFinished(() => agent.stop({ graceMs: 0 }))
  expect(await agent.start()).toBe(true)
  return agent
}
