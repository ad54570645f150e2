import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { nameOfFocused, overflowing, showsFocus, tabTo } from './support/layout.js'
import { live, makeRoom, messages, post, say } from './support/rooms.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const long = 'unbroken'.repeat(40)
const hard = `# A heading\n\n${long}\n\n| a | ${long} |\n| - | - |\n| 1 | 2 |\n\n\`\`\`ts\nconst ${long} = 1\n\`\`\`\n\n- [${long}](https://example.org)\n\n> ${long}`
const form = {
  type: 'form',
  form_id: 'hard',
  status: 'pending',
  title: long,
  schema: {
    type: 'object',
    properties: {
      [long]: { type: 'string', enum: [long, 'b'] },
      many: { type: 'array', items: { type: 'string', enum: [long, 'b'] } },
      yes: { type: 'boolean', title: `${long}?` },
    },
  },
}

describeInBrowser(
  'rooms on a narrow screen',
  (world) => {
    for (const width of [390, 320])
      test(`nothing scrolls sideways at ${width} pixels, whatever is said`, async () => {
        const page = await world.open('/threads', { viewport: { width, height: 700 } })
        await page.getByRole('button', { name: 'New room' }).click()
        await fits(page, `${width}-dialog-room`)
        await page.keyboard.press('Escape')
        await makeRoom(page, { title: long, tenant: `org=${long}`, people: 'u_ann', assistants: ['Guide'] })
        await say(page, 'code')
        await messages(page, 'A browser joins').waitFor()
        await fits(page, `${width}-room`)
        await say(page, 'tool')
        await page.getByRole('button', { name: 'Approve' }).waitFor()
        await fits(page, `${width}-room-approval`)
        await page.getByRole('button', { name: 'About' }).click()
        const about = page.getByRole('dialog')
        await about.getByTestId('member').first().waitFor()
        await fits(page, `${width}-room-about`)
        await about.getByRole('button', { name: 'Close' }).click()
        await page.getByRole('checkbox', { name: 'Guide' }).uncheck({ force: true })
        await say(page, hard)
        await messages(page, 'A heading').last().waitFor()
        await fits(page, `${width}-room-hard`)
        await post(page, [form], { id: 'u_ann', tenant: { org: long } })
        await page.getByRole('button', { name: 'Submit' }).waitFor()
        await fits(page, `${width}-room-form`)

        await page.goto('/threads')
        await page.getByTestId('room').first().waitFor()
        await fits(page, `${width}-rooms`)
        await page.goto('/webhooks')
        await page.getByText('No webhooks yet.').or(page.getByTestId('webhook').first()).waitFor()
        await page.getByRole('button', { name: 'New webhook' }).click()
        await page.getByLabel('Address').fill(`http://127.0.0.1:9/${long}`)
        await page.getByLabel('Description').fill(long)
        await page.getByRole('group', { name: 'Events' }).getByText('Some').click()
        await fits(page, `${width}-dialog-webhook`)
        await page.getByRole('button', { name: 'Create webhook' }).click()
        await page.getByTestId('secret').waitFor()
        await fits(page, `${width}-dialog-secret`)
        await page.getByRole('button', { name: 'Done' }).click()
        await fits(page, `${width}-webhooks`)
        await page.getByTestId('webhook').first().getByRole('link').first().click()
        await page.getByRole('heading', { name: 'Deliveries' }).waitFor()
        await fits(page, `${width}-webhook`)
      })
  },
  { env: { PARLEY_WEBHOOK_ADDRESSES: '127.0.0.1' } },
)

describeInBrowser('rooms in the dark', (world) => {
  test('show everything', async () => {
    const page = await world.open('/threads', { colorScheme: 'dark' })
    await page.getByText('No rooms yet.').waitFor()
    await shot(page, 'dark-rooms-empty')
    await makeRoom(page, { title: 'At night', tenant: 'org=acme', assistants: ['Guide', 'Echo'] })
    await page.getByRole('checkbox', { name: 'Guide' }).check({ force: true })
    await say(page, 'code')
    await page.locator('[data-parley-token=keyword]').first().waitFor()
    await shot(page, 'dark-room-code')
    await say(page, 'tool')
    await page.getByRole('button', { name: 'Reject' }).click()
    await messages(page, 'without the weather').waitFor()
    await say(page, 'form')
    await page.getByLabel('How many come?').fill('2')
    await shot(page, 'dark-room-form')
    await page.getByRole('button', { name: 'Do not answer' }).click()
    await messages(page, 'plan nothing').waitFor()
    await shot(page, 'dark-room')
    await page.goto('/threads')
    await page.getByTestId('room').waitFor()
    await shot(page, 'dark-rooms')
    await page.goto('/webhooks')
    await page.getByText('No webhooks yet.').waitFor()
    await page.getByRole('button', { name: 'New webhook' }).click()
    await shot(page, 'dark-dialog-webhook')

    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toContain(
      'dark',
    )
  })
})

describeInBrowser('rooms with a keyboard alone', (world) => {
  test('a room is made, talked in, and looked into', async () => {
    const page = await world.open('/threads')
    await page.getByText('No rooms yet.').waitFor()
    await tabTo(page, 'New room')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await expect.poll(() => nameOfFocused(page), patience).toBe('Title')
    await page.keyboard.type('By keys')
    await tabTo(page, '+Guide')
    expect(await showsFocusOfChip(page)).toBe(true)
    await page.keyboard.press('Space')
    await tabTo(page, 'Create room')
    await page.keyboard.press('Enter')
    await live(page)

    await tabTo(page, 'Conversation')
    expect(await showsFocus(page)).toBe(true)
    await tabTo(page, 'Message')
    await page.keyboard.type('@gui')
    await page.getByRole('option', { name: 'Guide' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type('tool')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    await page.keyboard.press('Shift+Tab')
    for (let presses = 0; presses < 20 && (await nameOfFocused(page)) !== 'Approve'; presses += 1)
      await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')

    await messages(page, '21 °C').waitFor()
  })
})

async function fits(page: Page, name: string): Promise<void> {
  await shot(page, name)
  expect(await overflowing(page), name).toEqual([])
  expect(await cutOff(page), name).toEqual([])
}

/** What is said but reaches past the right edge of the conversation, where nobody can scroll. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scroller = document.querySelector('[data-parley-scroller]')
    const isScrolled = (element: Element) => element.closest('pre, table') !== null
    const edge = scroller?.getBoundingClientRect().right ?? 0
    return Array.from(scroller?.querySelectorAll('*') ?? [])
      .filter((element) => !isScrolled(element) && element.getBoundingClientRect().right > edge + 1)
      .map((element) => element.outerHTML.slice(0, 120))
  })
}

/** The box itself is hidden: its label shows where the focus is. */
function showsFocusOfChip(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const chip = document.activeElement!.closest('label')!
    return getComputedStyle(chip).outlineStyle !== 'none'
  })
}
