import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { overflowing } from './support/layout.js'
import {
  choosePane,
  openSession,
  prompt,
  startSession,
  stateIs,
  turnsOver,
  withWorkspace,
} from './support/sessions.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const { place, options } = withWorkspace()
const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } as const

describeInBrowser(
  'sessions on a phone',
  (world) => {
    test('fit its width, each part of them', async () => {
      const page = await world.open('/sessions', phone)
      await page.getByRole('button', { name: 'New session' }).click()
      await page.getByRole('button', { name: 'Browse' }).click()
      await page.getByRole('button', { name: /shop/ }).click()
      await page.getByLabel('Worktree').waitFor()
      expect(await overflowing(page)).toEqual([])
      await shot(page, 'phone-new')
      await page.getByRole('button', { name: 'Cancel' }).click()

      await openSession(world, page, place.shop)
      for (const [at, words] of ['plan', 'tool', 'run git log', 'hello'].entries()) {
        await prompt(page, words)
        await turnsOver(page, at + 1)
      }
      await shot(page, 'phone-session')
      await prompt(page, 'ask 2')
      await expect.poll(() => page.getByTestId('question').count(), patience).toBe(2)
      await prompt(page, 'echo a prompt that waits and is rather long, as prompts are')
      await page.getByTestId('queued').waitFor()
      expect(await overflowing(page)).toEqual([])
      await shot(page, 'phone-asks')

      await choosePane(page, 'Files')
      await page.getByTestId('tree').getByText('README.md').click()
      await page.getByTestId('preview').waitFor()
      expect(await overflowing(page)).toEqual([])
      await shot(page, 'phone-file')
      await choosePane(page, 'Git')
      await page
        .getByTestId('changes')
        .getByRole('button', { name: /round\.ts/ })
        .click()
      await page.getByTestId('changes').getByTestId('diff').waitFor()
      expect(await overflowing(page)).toEqual([])
      await shot(page, 'phone-git')
      await choosePane(page, 'Info')
      expect(await overflowing(page)).toEqual([])

      await page.goto('/sessions')
      await page.getByTestId('session').first().waitFor()
      expect(await overflowing(page)).toEqual([])
      await shot(page, 'phone-list')
    })

    test('have terminals with the keys that its keyboard lacks', async () => {
      const page = await world.open('/sessions', phone)
      await openSession(world, page, place.shop)
      await choosePane(page, 'Terminals')
      await page.getByRole('button', { name: 'New terminal' }).click()
      const rows = () =>
        page
          .getByTestId('terminal')
          .locator('.xterm-rows > div')
          .allTextContents()
          .then((all) => all.join('\n').replaceAll('\u00a0', ' '))
      await expect.poll(rows, patience).toMatch(/[$#]/)
      await page.getByTestId('terminal').tap()
      await page.keyboard.type('cat\n')
      await expect.poll(rows, patience).toContain('cat')
      await page.getByRole('button', { name: 'Ctrl' }).tap()
      await page.keyboard.type('d')
      await page.keyboard.type('echo ba""ck\n')
      await expect.poll(rows, patience).toMatch(/back/)
      expect(await overflowing(page)).toEqual([])
      await shot(page, 'phone-terminal')
    })

    test('look right in the dark', async () => {
      const page = await world.open('/sessions', { colorScheme: 'dark' })
      await startSession(world, page, place.shop)
      await openSession(world, page, place.shop)
      for (const [at, words] of ['think', 'tool', 'run ls --color=always'].entries()) {
        await prompt(page, words)
        await turnsOver(page, at + 1)
      }
      await prompt(page, 'ask')
      await stateIs(page, 'asks')
      await choosePane(page, 'Terminals')
      await page.getByTestId('terminal').waitFor()
      await shot(page, 'dark-session')
      // Asked again: an element that is just being replaced has no colour.
      const colour = () =>
        page.getByTestId('terminal').evaluate((host) => getComputedStyle(host).backgroundColor)
      await expect.poll(colour, patience).toBe('rgb(27, 31, 29)')
    })
  },
  options,
)
