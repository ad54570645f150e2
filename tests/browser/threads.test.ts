import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { itemsOf, makeRoom, messages, post, say } from './support/rooms.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

describeInBrowser('assistants in rooms of the console', (world) => {
  test('begin with a guide that answers at once, word by word', async () => {
    const page = await world.open('/threads')
    await page.getByText('No rooms yet.').waitFor()
    await shot(page, 'rooms-empty')

    await page.getByRole('button', { name: 'Open a room with the guide' }).click()

    const writing = itemsOf(page, 'streaming')
    const lengths = new Set<number>()
    await expect
      .poll(
        async () =>
          lengths.add(((await writing.textContent({ timeout: 200 }).catch(() => null)) ?? '').length).size,
        patience,
      )
      .toBeGreaterThan(3)
    await messages(page, 'I am guide, a scripted assistant').waitFor()
    await expect.poll(() => writing.count(), patience).toBe(0)
    expect(await messages(page, 'I am guide, a scripted assistant').count()).toBe(1)
    await expect.poll(() => page.getByTestId('run').getAttribute('data-status'), patience).toBe('completed')
    await shot(page, 'room-guide')
    expect(await page.getByRole('heading', { name: 'Tour' }).count()).toBe(1)
  })

  test('show a picture and highlighted code', async () => {
    const page = await world.open('/threads')
    await makeRoom(page, { title: 'Parts', assistants: ['Guide'] })

    await say(page, 'code')
    await page.locator('[data-parley-code] [data-parley-token=keyword]').first().waitFor()
    await say(page, 'picture')
    const picture = page.locator('[data-parley-image]')
    await picture.waitFor()

    await expect
      .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth), patience)
      .toBeGreaterThan(0)
    await over(page, 2)
    await shot(page, 'room-parts')
  })

  test('show a link where a picture does not load', async () => {
    world.expectTrouble(/Content Security Policy|content security policy|ERR_|Failed to load/)
    const page = await world.open('/threads')
    await makeRoom(page, { title: 'From elsewhere' })

    const url = 'https://pictures.invalid/plan.png'
    await post(page, [{ type: 'image', url, mime: 'image/png', name: 'plan.png' }])

    const link = page.getByRole('link', { name: 'plan.png' })
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe(url)
  })

  test('let a tool be approved, and the assistant goes on', async () => {
    const page = await world.open('/threads')
    await makeRoom(page, { title: 'Weather', assistants: ['Guide'] })

    await say(page, 'tool')
    const approve = page.getByRole('button', { name: 'Approve' })
    await approve.waitFor()
    expect(await page.getByTestId('run').getAttribute('data-status')).toBe('running')
    await shot(page, 'room-approval')
    await page.getByLabel('Reason (optional)').fill('Go ahead')
    await approve.click()

    await messages(page, '21 °C').waitFor()
    expect(await page.locator('[data-parley-decision=approved]').textContent()).toContain('Go ahead')
    await page.locator('[data-parley-tool] summary').click()
    await over(page, 1)
    await shot(page, 'room-approved')
  })

  test('let a form be answered, once, for everybody to see', async () => {
    const page = await world.open('/threads')
    await makeRoom(page, { title: 'Evening', assistants: ['Guide'] })

    await say(page, 'form')
    await page.getByLabel('What shall we do?').selectOption({ label: 'dinner' })
    await page.getByLabel('How many come?').fill('4')
    await shot(page, 'room-form')
    await page.getByRole('button', { name: 'Submit' }).click()

    await messages(page, /"guests": 4/).waitFor()
    await page.locator('[data-parley-form=submitted]').first().waitFor()
    expect(await page.locator('[data-parley-form=open]').count()).toBe(0)
    await over(page, 1)
    await shot(page, 'room-form-answered')
  })

  test('stop an assistant that writes', async () => {
    const page = await world.open('/threads')
    await makeRoom(page, { title: 'Slow', assistants: ['Guide'] })

    await say(page, 'slow')
    await itemsOf(page, 'streaming').waitFor()
    await shot(page, 'room-streaming')
    await page.getByRole('button', { name: 'Stop Guide' }).click()

    await expect.poll(() => page.getByTestId('run').getAttribute('data-status'), patience).toBe('cancelled')
    await page.getByText('Guide was stopped.').waitFor()
  })
})

/** Waits until so many runs are over. */
async function over(page: Page, count: number): Promise<void> {
  await expect
    .poll(() => page.locator('[data-testid=run][data-status=completed]').count(), patience)
    .toBe(count)
}
