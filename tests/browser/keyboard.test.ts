import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { agentOf, patience, waitForStatus } from './support/demo.js'
import { nameOfFocused, showsFocus, tabTo } from './support/layout.js'
import { describeInBrowser } from './support/world.js'

describeInBrowser('with a keyboard alone', (world) => {
  test('a form is handed over, the prompt copied, and the handshake stopped', async () => {
    const page = await world.open('/demo')
    await tabTo(page, 'Hand to an agent')
    expect(await showsFocus(page)).toBe(true)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await nameOfFocused(page)).toBe('Copy prompt')

    expect(await leaves(page, '#prompt-dialog')).toEqual([])
    await tabTo(page, 'Copy command')
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog.count(), patience).toBe(0)
    await expect.poll(() => nameOfFocused(page), patience).toBe('Show the prompt')
    await page.keyboard.press('Enter')
    const agent = agentOf(await page.getByTestId('prompt').inputValue())
    await page.keyboard.press('Escape')
    await tabTo(page, 'Stop and revoke')
    await page.keyboard.press('Enter')

    await waitForStatus(page, 'revoked')
    await expect.poll(() => nameOfFocused(page), patience).toBe('Hand to an agent')
    await expect(agent.getContext()).rejects.toMatchObject({ status: 404 })
  })

  test('one skips the navigation, opens a handshake, extends it and revokes it', async () => {
    const demo = await world.open('/demo')
    await demo.getByRole('button', { name: 'Hand to an agent' }).click()
    await demo.getByRole('dialog').waitFor()
    const page = await world.open('/')
    await page.getByRole('link', { name: 'Workshop registration' }).first().waitFor()

    await page.keyboard.press('Tab')
    expect(await nameOfFocused(page)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Open')
    await tabTo(page, 'Search by title, id or owner')
    await tabTo(page, 'Workshop registration')
    expect(await showsFocus(page)).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: 'Audit' }).waitFor()

    await tabTo(page, 'Extend by…')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await leaves(page, '[role=dialog]')).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => nameOfFocused(page), patience).toBe('Extend by…')
    await tabTo(page, 'Revoke')
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').waitFor()
    expect(await leaves(page, '[role=alertdialog]')).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => nameOfFocused(page), patience).toBe('Revoke')
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').waitFor()
    await tabTo(page, 'Revoke handshake')
    await page.keyboard.press('Enter')

    await expect.poll(() => page.getByTestId('state').getAttribute('data-state'), patience).toBe('revoked')
    await waitForStatus(demo, 'revoked')
  })

  test('tabs, events and the theme are operated', async () => {
    const demo = await world.open('/demo')
    await demo.getByRole('button', { name: 'Hand to an agent' }).click()
    await demo.getByRole('dialog').waitFor()
    const { sessionId } = agentOf(await demo.getByTestId('prompt').inputValue())
    const page = await world.open(`/handshakes/${sessionId}`)
    await page.getByTestId('caught-up').waitFor()

    await tabTo(page, 'As the device')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.getByRole('radio', { name: 'Light' }).isChecked(), patience).toBe(true)
    await tabTo(page, 'Fields and events')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.getByTestId('audit-record').first().waitFor()
  })

  test('the menu of a phone opens, holds the focus, and gives it back', async () => {
    const page = await world.open('/', { viewport: { width: 390, height: 700 } })
    await page.getByRole('heading', { name: 'Handshakes' }).waitFor()
    await tabTo(page, 'Menu')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Close menu' }).waitFor()
    expect(await leaves(page, '[role=dialog]')).toEqual([])

    await page.keyboard.press('Escape')
    await expect.poll(() => nameOfFocused(page), patience).toBe('Menu')
    await page.keyboard.press('Enter')
    await tabTo(page, 'API keys')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Close menu' }).count(), patience).toBe(0)
  })
})

/** Tabs around once, and back; returns what is reached outside of the dialog. The document itself is the way round. */
async function leaves(page: Page, dialog: string): Promise<string[]> {
  const outside = new Set<string>()
  for (let presses = 0; presses < 15; presses += 1) {
    await page.keyboard.press(presses < 10 ? 'Tab' : 'Shift+Tab')
    // Guards beside a dialog send the focus back into it, a frame later.
    await page.waitForFunction(() => !document.activeElement?.hasAttribute('data-base-ui-focus-guard'))
    const found = await page.evaluate((selector) => {
      const focused = document.activeElement
      if (!focused || focused === document.body || focused.closest(selector)) return ''
      return focused.outerHTML.slice(0, 200)
    }, dialog)
    if (found) outside.add(found)
  }
  return [...outside]
}
