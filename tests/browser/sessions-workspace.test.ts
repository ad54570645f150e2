import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { choosePane, openSession, prompt, turnsOver, withWorkspace } from './support/sessions.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const { place, options } = withWorkspace()

describeInBrowser(
  'the workspace of a session',
  (world) => {
    // proves: sessions.s70
    test('is a tree whose changed files stand out, with previews and differences', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      const tree = page.getByTestId('tree')
      await tree.getByRole('button', { name: 'src' }).click()
      await tree.getByRole('button', { name: 'prices' }).click()
      const changed = tree.getByRole('button', { name: /^round\.ts/ })
      await expect.poll(() => changed.getAttribute('data-changed'), patience).toBe('M')
      await shot(page, 'workspace-tree')

      await changed.click()
      const preview = page.getByTestId('preview')
      await preview.getByText('toFixed(1)').waitFor()
      await preview.locator('[data-parley-token=keyword]').first().waitFor()
      await shot(page, 'workspace-preview')
      await page.getByText('Changes', { exact: true }).click()
      const diff = page.getByTestId('pane-files').getByTestId('diff')
      await expect
        .poll(() => diff.locator('[data-kind=removed]').textContent(), patience)
        .toContain('toFixed(2)')
      expect(await diff.locator('[data-kind=added]').textContent()).toContain('toFixed(1)')
      await shot(page, 'workspace-changes')
      await page.getByRole('button', { name: 'Back to the files' }).click()
      await tree.getByRole('button', { name: 'src' }).waitFor()
    })

    test('shows what agents and others write, without being asked', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await page.getByTestId('tree').getByText('README.md').waitFor()

      await prompt(page, 'write made.txt by the agent')
      await page.getByTestId('tree').getByText('made.txt').waitFor()
      await writeFile(join(place.shop, 'by-hand.txt'), 'x')
      await page.getByTestId('tree').getByText('by-hand.txt').waitFor()
    })

    test('is searched by names and by text', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      const field = page.getByRole('searchbox', { name: 'Search files' })

      await field.fill('greet')
      await page.getByTestId('matches').getByText('src/greeting.ts').waitFor()
      await field.fill('Hello,')
      await page.getByText('Nothing found.').waitFor()
      await page.getByText('Text', { exact: true }).click()
      const match = page.getByTestId('matches').getByRole('button')
      await match.getByText(':3').waitFor()
      await shot(page, 'workspace-search')
      await match.click()
      await page.getByTestId('preview').getByText('Hello,').waitFor()
    })

    test('shows what git knows', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await choosePane(page, 'Git')

      await expect.poll(() => page.getByTestId('branch').textContent(), patience).toMatch(/^main/)
      await page
        .getByTestId('changes')
        .getByRole('button', { name: /round\.ts/ })
        .click()
      await page.getByTestId('changes').getByTestId('diff').getByText('toFixed(1)').waitFor()
      await page.getByRole('button', { name: 'Commits' }).click()
      await page.getByText('The shop as it began').waitFor()
      await page.getByRole('button', { name: 'Branches' }).click()
      await page.getByText('here', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Worktrees' }).click()
      await shot(page, 'workspace-git')
    })

    test('outside of a repository says so', async () => {
      world.expectTrouble(/Failed to load resource/)
      const page = await world.open('/sessions')
      await openSession(world, page, join(place.dir, 'notes'))
      await page.getByText('This directory is empty.').waitFor()
      await choosePane(page, 'Git')
      await page.getByText('This directory is in no git repository.').waitFor()
    })

    // proves: sessions.s70
    test('has terminals, which everybody types in and which outlive a page', async () => {
      const page = await world.open('/sessions')
      const id = await openSession(world, page, place.shop)
      await choosePane(page, 'Terminals')
      await page.getByRole('button', { name: 'New terminal' }).click()
      const screen = page.getByTestId('terminal')
      await type(page, screen, 'pwd; printf "\\033[38;2;200;10;10mred\\033[0m\\n"; echo do""ne')
      await shows(screen, place.shop)
      await shows(screen, 'done')
      const red = screen.locator('span', { hasText: /^red$/ })
      expect(await red.evaluate((span) => getComputedStyle(span).color)).toBe('rgb(200, 10, 10)')
      await shot(page, 'workspace-terminal')

      const other = await world.open(`/sessions/${id}`)
      await choosePane(other, 'Terminals')
      const same = other.getByTestId('terminal')
      await shows(same, 'done')
      await type(other, same, 'echo from the ot""her page')
      await shows(screen, 'from the other page')

      await page.reload()
      await choosePane(page, 'Terminals')
      await shows(page.getByTestId('terminal'), 'from the other page')
      await page.getByRole('button', { name: 'New terminal' }).click()
      await expect
        .poll(() => page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab').count(), patience)
        .toBe(2)
      await page.getByRole('button', { name: 'End sh' }).first().click()
      await expect
        .poll(() => page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab').count(), patience)
        .toBe(1)
      await page.getByRole('button', { name: 'End sh' }).first().click()
      await page.getByText('No terminals are open.').waitFor()
    })

    test('has the terminals of the agent, to be read', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await prompt(page, 'run git log --oneline')
      await turnsOver(page, 1)
      await choosePane(page, 'Terminals')

      const screen = page.getByTestId('terminal')
      await shows(screen, 'The shop as it began')
      expect(
        await screen.locator('textarea').evaluate((area) => (area as HTMLTextAreaElement).readOnly),
      ).toBe(true)
      await shot(page, 'workspace-agent-terminal')
    })

    test('knows the session itself', async () => {
      const page = await world.open('/sessions')
      const id = await openSession(world, page, place.shop)
      await choosePane(page, 'Info')

      const info = page.getByTestId('pane-info')
      await info.getByText(id).waitFor()
      await info.getByText(place.shop).waitFor()
      await shot(page, 'workspace-info')
    })
  },
  options,
)

/** Writes a line into a terminal, as a person does it. */
async function type(page: Page, screen: Locator, line: string): Promise<void> {
  await shows(screen, /[$#] *$/m)
  await screen.click()
  await page.keyboard.type(`${line}\n`)
}

/** Waits until the screen shows something. */
async function shows(screen: Locator, text: string | RegExp): Promise<void> {
  const rows = () =>
    screen
      .locator('.xterm-rows > div')
      .allTextContents()
      .then((all) => all.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n'))
  await expect.poll(rows, patience).toMatch(text)
}
