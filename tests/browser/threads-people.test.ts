import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { patience } from './support/demo.js'
import { live, makeRoom, messages, roomId, say } from './support/rooms.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

describeInBrowser('people in rooms of the console', (world) => {
  test('let a message be corrected and taken back', async () => {
    const page = await world.open('/threads')
    await makeRoom(page, { title: 'Mistakes' })
    await say(page, 'Helo everybody')
    const message = messages(page, 'Helo everybody')
    await message.waitFor()

    await message.hover()
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Text of the message').fill('Hello everybody')
    await shot(page, 'room-editing')
    await page.getByRole('button', { name: 'Save' }).click()
    await messages(page, /edited.*Hello everybody/s).waitFor()
    await messages(page, 'Hello everybody').hover()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('Remove this message?').waitFor()
    await page.locator('[data-parley-message] [data-parley-remove]').click()

    await page.getByText('This message was removed.').waitFor()
  })

  test('carry two people’s words and typing to each other', async () => {
    const ann = await world.open('/threads')
    await makeRoom(ann, { title: 'Both of us', tenant: 'org=acme' })
    const ben = await asSomebodyElse(await world.open('/'), 'ben', 'Ben')
    await ben.goto(`/threads/${roomId(ann)}`)
    await ben.getByText('You are not a member.').waitFor()
    await shot(ben, 'room-visitor')
    await ben.getByRole('button', { name: 'Join', exact: true }).click()
    await live(ben)

    await say(ann, 'Are you there?')
    await messages(ben, 'Are you there?').waitFor()
    await ben.getByRole('textbox', { name: 'Message', exact: true }).pressSequentially('I am')
    await ann.getByText('Ben is typing …').waitFor()
    await shot(ann, 'room-typing')
    await say(ben, 'Here I am.')
    await messages(ann, 'Here I am.').waitFor()

    const isBenThere = () => ann.locator('[data-testid=member][data-id=ben]').getAttribute('data-online')
    expect(await isBenThere()).toBe('true')
    await ben.goto('/')
    await expect.poll(isBenThere, patience).toBe('false')
  })

  test('say in the list whose they are, who is in, and what runs', async () => {
    const page = await world.open('/threads')
    await makeRoom(page, {
      title: 'Of acme',
      tenant: 'org=acme, team=blue',
      people: 'u_ann, u_ben',
      assistants: ['Guide'],
    })
    await say(page, 'tool')
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    await page.getByRole('link', { name: 'Rooms' }).first().click()

    const row = page.getByTestId('room').filter({ hasText: 'Of acme' })
    await row.getByText('1 run').waitFor()
    expect(await row.getByTestId('tenant').allTextContents()).toEqual(['org=acme', 'team=blue'])
    expect(await row.textContent()).toContain('4 members')
    await shot(page, 'rooms')
    await page.getByLabel('Tenant').selectOption({ label: 'org=acme, team=blue (1)' })

    await expect.poll(() => page.getByTestId('room').count(), patience).toBe(1)
    await page.getByRole('button', { name: 'New room' }).click()
    expect(await page.getByRole('dialog').getByLabel('Tenant').inputValue()).toBe('org=acme, team=blue')
    await shot(page, 'dialog-room')
  })

  test('let people in and out, and end for everybody', async () => {
    // Who leaves may be told of it while the page still asks.
    world.expectTrouble(/status of 40[34]/)
    const page = await world.open('/threads')
    await makeRoom(page, { title: 'Short', tenant: 'org=brief' })
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Id', { exact: true }).fill('u_eve')
    await dialog.getByLabel('Name').fill('Eve')
    await shot(page, 'dialog-member')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('Owner added Eve.').waitFor()
    await page.getByRole('button', { name: 'Remove Eve' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Owner removed Eve.').waitFor()

    await page.getByRole('button', { name: 'Leave the room' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await live(page)
    await page.getByRole('button', { name: 'Delete room' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete room' }).click()

    await page.getByRole('heading', { name: 'Rooms' }).waitFor()
    await expect.poll(() => page.getByTestId('room').filter({ hasText: 'Short' }).count(), patience).toBe(0)
  })

  test('say so when there is no such room', async () => {
    world.expectTrouble(/status of 404/)
    const page = await world.open('/threads/th_000000000000')

    await page.getByText('No such room.').waitFor()
  })

  test('are nobody’s who is not signed in', async () => {
    world.expectTrouble(/status of 401/)
    const page = await world.openAsStranger('/threads')

    await page.waitForURL('**/sign-in')
  })
})

/** A page whose person has another account: the server of these tests has one only. */
async function asSomebodyElse(page: Page, id: string, name: string): Promise<Page> {
  const me = await (await page.request.get('/parley/v1/me')).json()
  const json = { ...me, principal: { ...me.principal, id, name } }
  await page.route('**/parley/v1/me', (route) => route.fulfill({ json }))
  return page
}
