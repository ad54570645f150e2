import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import {
  entries,
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

/** Files may be asked for at the moment in which a session ends. */
const workspaceGone = /status of 404 \(Not Found\) \S+\/fs\//

describeInBrowser(
  'sessions in the console',
  (world) => {
    // proves: sessions.s70
    test('begin with a dialog, in a directory that one browses to', async () => {
      const page = await world.open('/sessions')
      await page.getByText('No sessions yet.').waitFor()
      await shot(page, 'sessions-empty')

      await page.getByRole('button', { name: 'New session' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('radio', { name: 'Demo agent' }).check({ force: true })
      await dialog.getByRole('button', { name: 'Browse' }).click()
      await dialog.getByRole('button', { name: /shop/ }).click()
      await expect.poll(() => dialog.getByLabel('Directory').inputValue(), patience).toBe(place.shop)
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

    // proves: sessions.s70
    test('work in a worktree that the dialog makes', async () => {
      const page = await world.open('/sessions')
      await page.getByRole('button', { name: 'New session' }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Directory').fill(place.shop)
      await dialog.getByLabel('Worktree').selectOption({ label: 'New worktree…' })
      await dialog.getByLabel('Name of the worktree').fill('try-it')
      await dialog.getByLabel('Branch', { exact: true }).fill('try-it')
      await dialog.getByLabel('First prompt').fill('cwd')
      await shot(page, 'sessions-worktree')
      await dialog.getByRole('button', { name: 'Start session' }).click()

      await entries(page, 'message')
        .getByText(/worktrees\/shop\/try-it$/)
        .waitFor()
    })

    test('say in the dialog why an agent does not start', async () => {
      world.expectTrouble(/Failed to load resource/)
      const page = await world.open('/sessions')
      await page.getByRole('button', { name: 'New session' }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Directory').fill(`${place.dir}/nothing`)
      await dialog.getByRole('button', { name: 'Start session' }).click()

      await dialog
        .getByRole('alert')
        .getByText(/nothing/)
        .waitFor()
      await shot(page, 'sessions-refused')
    })

    test('show work as it goes on, and again after the page was loaded anew', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)

      for (const [at, words] of ['think', 'plan', 'tool', 'run git status', 'fail'].entries()) {
        await prompt(page, words)
        await turnsOver(page, at + 1)
      }
      await stateIs(page, 'idle')

      const told = await page.getByTestId('timeline').textContent()
      await page.reload()
      await turnsOver(page, 5)
      await expect.poll(() => page.getByTestId('timeline').textContent(), patience).toBe(told)
      expect(await entries(page, 'plan').locator('[data-status=completed]').count()).toBe(3)
      const diff = entries(page, 'tool').getByTestId('diff')
      expect(await diff.locator('[data-kind=added]').textContent()).toContain('Hello, and welcome.')
      await entries(page, 'tool').getByText('$ git status').first().waitFor()
      await entries(page, 'turn').getByText('The demo agent failed').waitFor()
      await shot(page, 'session-work')
      await page.getByText('Jump to latest').waitFor({ state: 'detached' })
      await diff.scrollIntoViewIfNeeded()
      await page.getByRole('button', { name: 'Jump to latest' }).waitFor()
      await shot(page, 'session-diff')
    })

    test('stream word by word to everybody who looks', async () => {
      const [page, other] = await Promise.all([world.open('/sessions'), world.open('/sessions')])
      const id = await openSession(world, page, place.shop)
      await other.goto(`/sessions/${id}`)
      await stateIs(other, 'idle')

      await prompt(page, 'chunks 400 80')

      await entries(other, 'message').getByText('chunk 400').waitFor()
      await turnsOver(page, 1)
      expect(await entries(page, 'message').count()).toBe(1)
      expect(await entries(other, 'prompt').allTextContents()).toEqual(['chunks 400 80'])
    })

    // proves: sessions.s70
    test('ask several questions at once, which anybody answers', async () => {
      const [page, other] = await Promise.all([world.open('/sessions'), world.open('/sessions')])
      const id = await openSession(world, page, place.shop)
      await other.goto(`/sessions/${id}`)
      await stateIs(other, 'idle')

      await prompt(page, 'ask 2')
      await stateIs(page, 'asks')
      const questions = page.getByTestId('question')
      await expect.poll(() => questions.count(), patience).toBe(2)
      await shot(page, 'session-asks')
      await other.getByTestId('question').filter({ hasText: 'Change file 2' }).getByText('Reject').click()
      await expect.poll(() => questions.count(), patience).toBe(1)
      await questions.getByRole('button', { name: 'Allow', exact: true }).click()

      await turnsOver(page, 1)
      await expect.poll(() => questions.count(), patience).toBe(0)
      const decisions = page.getByTestId('decision')
      await expect
        .poll(() => decisions.allInnerTexts(), patience)
        .toEqual([
          expect.stringMatching(/^Allowed Change file 1 · Allow · by you$/),
          expect.stringMatching(/^Refused Change file 2 · Reject · by you$/),
        ])
      await stateIs(other, 'idle')
    })

    test('approve by themselves when they are told to', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await page.getByText('Auto-approve').click()
      await expect
        .poll(() => page.getByRole('switch', { name: 'Auto-approve' }).isChecked(), patience)
        .toBe(true)

      await prompt(page, 'ask')
      await turnsOver(page, 1)
      expect(await page.getByTestId('question').count()).toBe(0)
      await page.reload()
      await expect
        .poll(() => page.getByRole('switch', { name: 'Auto-approve' }).isChecked(), patience)
        .toBe(true)
    })

    test('queue prompts, in the order that one gives them', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await prompt(page, 'wait')
      await stateIs(page, 'working')

      for (const words of ['echo one', 'echo two', 'echo three']) {
        await prompt(page, words)
        await page.getByTestId('queued').getByText(words).waitFor()
      }
      const order = () => page.getByTestId('queued').allInnerTexts()
      await page.getByRole('button', { name: 'Move up: echo three' }).click()
      await expect.poll(order, patience).toEqual(['echo one', 'echo three', 'echo two'])
      await page.getByRole('button', { name: 'Move up: echo three' }).press('Alt+ArrowUp')
      await expect.poll(order, patience).toEqual(['echo three', 'echo one', 'echo two'])
      await page.getByRole('button', { name: 'Remove: echo one' }).click()
      await expect.poll(order, patience).toEqual(['echo three', 'echo two'])
      await shot(page, 'session-queue')
      await page.getByRole('button', { name: 'Pause' }).click()
      await page.getByTestId('queue').getByText('Paused').waitFor()
      await page.getByRole('button', { name: 'Stop' }).click()
      await turnsOver(page, 1)
      await entries(page, 'turn').getByText('Stopped').waitFor()
      expect(await order()).toEqual(['echo three', 'echo two'])
      await page.getByRole('button', { name: 'Resume' }).click()

      await turnsOver(page, 3)
      expect(await entries(page, 'message').allInnerTexts()).toEqual(['three', 'two'])
      expect(await page.getByTestId('queue').count()).toBe(0)
    })

    test('offer modes, models and slash commands', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await prompt(page, 'commands')
      await turnsOver(page, 1)

      await page.getByLabel('Mode', { exact: true }).selectOption({ label: 'Code' })
      await page.getByLabel('Model').selectOption({ label: 'Large' })
      await prompt(page, 'mode ask')
      await expect.poll(() => page.getByLabel('Mode', { exact: true }).inputValue(), patience).toBe('ask')
      expect(await page.getByLabel('Model').inputValue()).toBe('large')

      const area = page.getByRole('textbox', { name: 'Prompt', exact: true })
      await area.fill('/')
      await page.getByRole('option', { name: /review/ }).waitFor()
      await shot(page, 'session-commands')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      expect(await page.getByLabel('Prompt').inputValue()).toBe('/test ')
      await page.keyboard.press('Shift+Enter')
      expect(await page.getByLabel('Prompt').inputValue()).toBe('/test \n')
    })

    // proves: sessions.s70
    test('end after a question, and stay readable', async () => {
      world.expectTrouble(workspaceGone)
      const page = await world.open('/sessions')
      const id = await openSession(world, page, place.shop)
      await prompt(page, 'echo kept')
      await turnsOver(page, 1)

      await page.getByRole('button', { name: 'End this session' }).click()
      await shot(page, 'session-end')
      await page.getByRole('alertdialog').getByRole('button', { name: 'End session' }).click()
      await stateIs(page, 'ended')
      await page.getByTestId('ended').getByText('This session is over.').waitFor()
      expect(await page.getByLabel('Prompt').count()).toBe(0)
      await page.reload()
      await stateIs(page, 'ended')
      expect(await entries(page, 'message').allInnerTexts()).toEqual(['kept'])
      await shot(page, 'session-ended')

      await page.goto('/sessions')
      const row = page.getByTestId('session').filter({ has: page.locator(`a[href="/sessions/${id}"]`) })
      await expect.poll(() => row.getAttribute('data-state'), patience).toBe('ended')
    })

    test('say how their agent ended', async () => {
      world.expectTrouble(workspaceGone)
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await prompt(page, 'crash')

      await page.getByTestId('ended').getByText('exit code 7').waitFor()
    })

    test('go on with an agent that was ended by force, and under a server that is started again', async () => {
      world.expectTrouble(/WebSocket connection to|net::ERR_|status of 50/)
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await prompt(page, 'echo before')
      await turnsOver(page, 1)
      await prompt(page, 'die')
      await page.getByText('The agent was started again').waitFor()
      await turnsOver(page, 2)

      await prompt(page, 'sleep 3000')
      await stateIs(page, 'working')
      await world.server.end('SIGKILL')
      await stateIs(page, 'lost')
      await shot(page, 'session-lost')
      await world.server.start()

      await turnsOver(page, 3)
      await stateIs(page, 'idle')
      expect(await entries(page, 'message').allTextContents()).toEqual(['before', 'I slept well.'])
    })

    test('are listed by what they need, as it happens', async () => {
      const page = await world.open('/sessions')
      const id = await startSession(world, page, place.shop)
      const row = page.getByTestId('session').filter({ has: page.locator(`a[href="/sessions/${id}"]`) })
      await expect.poll(() => row.getAttribute('data-state'), patience).toBe('idle')

      const session = await world.open(`/sessions/${id}`)
      await prompt(session, 'ask 2')
      await row.getByText('2 questions').waitFor()
      expect(await page.getByTestId('session-group').first().getAttribute('data-state')).toBe('asks')
      expect(await row.getByRole('link').textContent()).toBe('ask 2')
      await shot(page, 'sessions-list')
      await session.getByTestId('question').first().getByText('Reject').click()
      await row.getByText('1 question', { exact: true }).waitFor()
      await session.getByTestId('question').first().getByText('Reject').click()
      await expect.poll(() => row.getAttribute('data-state'), patience).toBe('idle')
    })

    test('are not there for whoever follows a wrong address', async () => {
      world.expectTrouble(/404/)
      const page = await world.open('/sessions/00000000-0000-4000-8000-000000000000')
      await page.getByText('No such session.').waitFor()
    })

    test('are text, whatever an agent writes', async () => {
      const page = await world.open('/sessions')
      await openSession(world, page, place.shop)
      await prompt(
        page,
        'echo <img src=x onerror=alert(1)><script>window.bad=1</script> ![p](https://x.invalid/p.png) [js](javascript:alert(1)) [ok](https://ok.example/) <b>bold</b>',
      )
      await turnsOver(page, 1)

      const message = entries(page, 'message')
      expect(await message.locator('img, script, b').count()).toBe(0)
      expect(await message.textContent()).toContain('<img src=x onerror=alert(1)>')
      const links = await message
        .locator('a')
        .evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.getAttribute('rel')]))
      expect(links).toEqual([
        ['https://x.invalid/p.png', 'noopener noreferrer'],
        ['https://ok.example/', 'noopener noreferrer'],
      ])
      expect(await page.evaluate(() => 'bad' in window)).toBe(false)
    })
  },
  options,
)
