import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { entries, openSession, prompt, stateIs, turnsOver, withWorkspace } from './support/sessions.js'
import { describeInBrowser } from './support/world.js'

const { place, options } = withWorkspace()
const turns = 5
const callsOfTurn = 2_000

describeInBrowser(
  'long sessions',
  (world) => {
    test('of ten thousand entries have few of them in the page, and all of them within reach', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await page.getByText('Auto-approve').click()
      await expect.poll(() => page.getByRole('switch').isChecked(), patience).toBe(true)
      for (let turn = 0; turn < turns; turn++) await prompt(page, `ask ${callsOfTurn}`)
      await prompt(page, 'echo that was all')
      await entries(page, 'message').getByText('that was all').waitFor({ timeout: 120_000 })
      await stateIs(page, 'idle')

      await page.reload()
      await stateIs(page, 'idle')
      await entries(page, 'turn').last().waitFor()
      expect(await count(page)).toBeLessThan(500)
      const first = page.locator('[data-key="prompt:1"]')
      let most = 0
      while ((await first.count()) === 0) {
        await page.getByTestId('timeline').evaluate((list) => list.parentElement!.scrollBy(0, -4_000))
        most = Math.max(most, await count(page))
      }
      expect(most).toBeLessThan(500)

      await page.getByRole('button', { name: 'Jump to latest' }).click()
      await expect.poll(() => first.count(), patience).toBe(0)
      expect(await count(page)).toBeLessThan(500)
      await prompt(page, 'echo still here')
      await entries(page, 'message').getByText('still here').waitFor()
    }, 300_000)

    test('keep what is read in its place while more comes in above and below', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await page.getByText('Auto-approve').click()
      await expect.poll(() => page.getByRole('switch').isChecked(), patience).toBe(true)
      await prompt(page, 'ask 600')
      await turnsOver(page, 1)
      await page.reload()
      await turnsOver(page, 1)

      const scroller = page.getByTestId('timeline').locator('..')
      await scroller.evaluate((element) => element.scrollTo(0, 700))
      const read = page.getByTestId('timeline').locator('li').nth(12)
      const key = await read.getAttribute('data-key')
      const same = page.locator(`[data-key="${key}"]`)
      const before = await top(same)
      const shown = await count(page)
      await scroller.evaluate((element) => element.scrollBy(0, -150))
      await expect.poll(() => count(page), patience).toBeGreaterThan(shown)
      expect(Math.abs((await top(same)) - before - 150)).toBeLessThan(2)
      await prompt(page, 'echo more')
    })

    test('show the end of a text that is far too long', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await prompt(page, 'flood 3000')
      await turnsOver(page, 1)

      const message = entries(page, 'message')
      await message.getByText('Its end is shown.').waitFor()
      await expect.poll(() => message.textContent(), patience).toContain('flood 3000 ')
      expect((await message.textContent())!.length).toBeLessThan(50_000)
    })
  },
  options,
)

/** Entries in the page. */
const count = (page: Page): Promise<number> => page.locator('.entry').count()

const top = (one: ReturnType<Page['locator']>): Promise<number> =>
  one.evaluate((element) => element.getBoundingClientRect().top)
