import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { overflowing } from './support/layout.js'
import { entries, openSession, stateIs, withWorkspace } from './support/sessions.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const { place, options } = withWorkspace()
const phone = { viewport: { width: 390, height: 780 } }

describeInBrowser(
  'pages around sessions',
  (world) => {
    // proves: sessions.s70
    test('list agents, which one adds, changes and deletes', async () => {
      const page = await world.open('/agents')
      const rows = page.getByTestId('agent')
      await rows.getByText('configured').waitFor()
      expect(await rows.count()).toBe(1)

      await page.getByRole('button', { name: 'Add an agent' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Name').fill('Reviewer')
      await dialog.getByLabel('Command').fill('node')
      await dialog.getByLabel('Arguments').fill('agent.js\n--strict')
      await dialog.getByLabel('Environment').fill('LOG')
      await dialog.getByText('is not NAME=value').waitFor()
      await dialog.getByLabel('Environment').fill('LOG=1')
      await shot(page, 'agents-add')
      await dialog.getByRole('button', { name: 'Add agent' }).click()
      const mine = rows.filter({ hasText: 'Reviewer' })
      await mine.getByText('node agent.js --strict').waitFor()

      await mine.getByRole('button', { name: 'Edit Reviewer' }).click()
      expect(await page.getByRole('dialog').getByLabel('Environment').inputValue()).toBe('LOG=1')
      await page.getByRole('dialog').getByLabel('Name').fill('Critic')
      await page.getByRole('button', { name: 'Save' }).click()
      await rows.getByText('Critic').waitFor()
      await shot(page, 'agents')
      await page.getByRole('button', { name: 'Delete Critic' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
      await expect.poll(() => rows.count(), patience).toBe(1)
    })

    // proves: sessions.s70
    test('list messages, of which one starts a session', async () => {
      const page = await world.open('/message-queue')
      await page.getByText('No messages wait.').waitFor()
      await page.getByRole('button', { name: 'Add a message' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Prompt').fill('echo from the queue')
      await dialog.getByLabel('Agent').selectOption({ label: 'Demo agent' })
      await dialog.getByLabel('Directory').fill(place.shop)
      await dialog.getByRole('button', { name: 'Add', exact: true }).click()

      const row = page.getByTestId('message')
      await expect
        .poll(() => row.getAttribute('data-status', { timeout: 500 }).catch(() => null), patience)
        .toBe('sent')
      await shot(page, 'messages')
      await row.getByRole('link', { name: 'Session' }).click()
      await entries(page, 'message').getByText('from the queue').waitFor()
      await page.goto('/message-queue')
      await page.getByRole('button', { name: 'Clear the queue' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Clear queue' }).click()
      await page.getByText('No messages wait.').waitFor()
    })

    // proves: sessions.s70
    test('start and stop a runtime, with what runs in it', async () => {
      const page = await world.open('/runtimes')
      const session = await world.open('/sessions')
      await openSession(world, session, place.shop)
      const row = page.getByTestId('instance')
      await page.reload()
      await expect
        .poll(() => row.getAttribute('data-status', { timeout: 500 }).catch(() => null), patience)
        .toBe('running')
      await shot(page, 'runtimes')

      world.expectTrouble(/Failed to load resource/)
      await page.getByRole('button', { name: 'Stop local' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click()
      await expect.poll(() => row.getAttribute('data-status'), patience).toBe('stopped')
      await stateIs(session, 'ended')
      await page.getByRole('button', { name: 'Start local' }).click()
      await expect.poll(() => row.getAttribute('data-status'), patience).toBe('running')
    })

    test('fit a phone', async () => {
      const page = await world.open('/agents', phone)
      for (const path of ['/agents', '/runtimes', '/message-queue']) {
        await page.goto(path)
        await page.getByRole('heading', { level: 1 }).waitFor()
        expect(await overflowing(page)).toEqual([])
        await shot(page, `phone${path.replace('/', '-')}`)
      }
    })
  },
  options,
)
