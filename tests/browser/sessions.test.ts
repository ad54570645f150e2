import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { entries, openSession, prompt, stateIs, turnsOver, withWorkspace } from './support/sessions.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const { place, options } = withWorkspace()

describeInBrowser(
  'sessions in the console',
  (world) => {
    test('begin with a dialog, in a directory that one browses to', async () => {
      const page = await world.open('/sessions')
      await page.getByText('No sessions yet.').waitFor()
      await shot(page, 'sessions-empty')

      await page.getByRole('button', { name: 'New session' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('radio', { name: 'Demo agent' }).check({ force: true })
      await dialog.getByRole('button', { name: 'Browse' }).click()
      await dialog.getByRole('button', { name: /shop/ }).click()
      await shot(page, 'sessions-browse')
      await expect.poll(() => dialog.getByLabel('Directory').inputValue(), { timeout: 3000 }).toBe(place.shop)
      await expect.poll(() => dialog.getByLabel('Worktree').inputValue(), patience).toBe('none')
      await dialog.getByLabel('First prompt').fill('hello')
      await shot(page, 'sessions-new')
      await dialog.getByRole('button', { name: 'Start session' }).click()

      await page.waitForURL(/\/sessions\/[0-9a-f-]{36}$/)
      await entries(page, 'message').getByText('I am a demo agent').waitFor()
      await turnsOver(page, 1)
      expect(await entries(page, 'prompt').allTextContents()).toEqual(['hello'])
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('hello')
      await shot(page, 'session-first')
    })

    test('show work as it goes on', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)

      for (const [at, words] of ['think', 'plan', 'tool', 'run git status', 'fail'].entries()) {
        await prompt(page, words)
        await turnsOver(page, at + 1)
      }

      await stateIs(page, 'idle')
      expect(await entries(page, 'plan').locator('[data-status=completed]').count()).toBe(3)
      await shot(page, 'session-work')
    })
  },
  options,
)
