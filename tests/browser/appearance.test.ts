import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { agentOf, handOver, patience } from './support/demo.js'
import { background, overflowing } from './support/layout.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const long = 'unbroken'.repeat(40)

describeInBrowser('on a narrow screen', (world) => {
  for (const width of [390, 320]) {
    test(`no page scrolls sideways at ${width} pixels, whatever is in it`, async () => {
      const viewport = { width, height: 700 }
      const demo = await world.open('/demo', { viewport })
      await fits(demo, `${width}-demo`)
      await demo.getByRole('button', { name: 'Hand to an agent' }).click()
      await demo.getByRole('dialog').waitFor()
      await fits(demo, `${width}-dialog-prompt`)
      const agent = agentOf(await demo.getByTestId('prompt').inputValue())
      await demo.keyboard.press('Escape')
      await agent.action(
        { name: long, notes: `${long} ${long}`, meals: 'vegan', [long]: long },
        { stream: false },
      )
      await expect.poll(() => demo.getByLabel('Full name').inputValue(), patience).toBe(long.slice(0, 320))
      await demo.getByLabel('Organisation').fill('mine')
      await demo.getByLabel('Full name').fill('mine')
      await fits(demo, `${width}-demo-filled`)

      const page = await world.open('/', { viewport })
      await page.getByRole('link', { name: 'Workshop registration' }).first().waitFor()
      await fits(page, `${width}-list`)
      await page.getByRole('button', { name: 'Menu' }).click()
      await page.getByRole('button', { name: 'Close menu' }).waitFor()
      await fits(page, `${width}-menu`)
      await page.getByRole('link', { name: 'API keys' }).click()
      await page.getByRole('button', { name: 'New key' }).click()
      await page.getByLabel('Name', { exact: true }).fill(`A key with a long name ${width}`)
      await fits(page, `${width}-dialog-key`)
      await page.getByRole('button', { name: 'Create key' }).click()
      await page.getByTestId('new-key').waitFor()
      await fits(page, `${width}-dialog-new-key`)
      await page.getByRole('button', { name: 'Done' }).click()
      await fits(page, `${width}-keys`)

      await page.goto(`/handshakes/${agent.sessionId}`)
      await page.getByTestId('caught-up').waitFor()
      await page.getByTestId('event').first().click()
      await fits(page, `${width}-detail`)
      await page.getByRole('button', { name: 'Extend by…' }).click()
      await fits(page, `${width}-dialog-extend`)
      await page.keyboard.press('Escape')
      await page.getByRole('tab', { name: 'Audit' }).click()
      await page.getByTestId('audit-record').first().waitFor()
      await fits(page, `${width}-audit`)
      await page.getByRole('button', { name: 'Revoke' }).click()
      await page.getByRole('alertdialog').waitFor()
      await fits(page, `${width}-dialog-revoke`)
    })

    test(`the sign-in page fits into ${width} pixels`, async () => {
      world.expectTrouble(/status of 40[13]/)
      const page = await world.openAsStranger('/sign-in#code=made-up', { viewport: { width, height: 700 } })

      await page.getByRole('heading', { name: 'This link does not work' }).waitFor()

      await fits(page, `${width}-sign-in`)
    })
  }
})

describeInBrowser('light and dark', (world) => {
  test('follow the device, until somebody chooses; the choice stays and holds for the demo page', async () => {
    const page = await world.open('/', { colorScheme: 'dark' })
    await page.getByRole('heading', { name: 'Handshakes' }).waitFor()
    expect(await isDark(page)).toBe(true)
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(() => isDark(page), patience).toBe(false)

    await page.getByRole('radio', { name: 'Dark' }).check({ force: true })
    await expect.poll(() => isDark(page), patience).toBe(true)
    await page.reload()
    await page.getByRole('heading', { name: 'Handshakes' }).waitFor()
    expect(await isDark(page)).toBe(true)
    await page.goto('/demo')
    expect(await isDark(page)).toBe(true)
    await page.goto('/')
    await page.getByRole('radio', { name: 'As the device' }).check({ force: true })
    await expect.poll(() => isDark(page), patience).toBe(false)
  })

  test('show every page', async () => {
    const demo = await world.open('/demo', { colorScheme: 'dark' })
    const agent = agentOf(await handOver(demo))
    await agent.action(
      { name: 'Sample Visitor', email: 'visitor@example.org', meals: 'vegan' },
      { stream: false },
    )
    await expect.poll(() => demo.getByLabel('Full name').inputValue(), patience).toBe('Sample Visitor')
    await demo.getByLabel('E-mail').fill('me@example.org')
    await demo.getByLabel('Organisation').fill('Print works')
    await shot(demo, 'dark-demo')
    await demo.getByRole('button', { name: 'Show the prompt' }).click()
    await shot(demo, 'dark-dialog-prompt')
    const page = await world.open(`/handshakes/${agent.sessionId}`, { colorScheme: 'dark' })
    await page.getByTestId('caught-up').waitFor()
    await shot(page, 'dark-detail')
    await page.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('alertdialog').waitFor()
    await shot(page, 'dark-dialog-revoke')
    await page.goto('/')
    await page.getByRole('link', { name: 'Workshop registration' }).waitFor()
    await shot(page, 'dark-list')

    expect(await Promise.all([isDark(demo), isDark(page)])).toEqual([true, true])
  })
})

async function fits(page: Page, name: string): Promise<void> {
  await shot(page, name)
  expect(await overflowing(page), name).toEqual([])
}

async function isDark(page: Page): Promise<boolean> {
  return (await background(page)).every((channel) => channel < 80)
}
