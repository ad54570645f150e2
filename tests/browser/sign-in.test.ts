import { expect, test } from 'vitest'
import { patience, waitForStatus } from './support/demo.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

// What a browser writes when a request is refused; these tests make it so.
const unauthorized = /status of 401/
const refused = /status of 403/

describeInBrowser('an owner link', (world) => {
  test('as the server printed it signs one browser in, and leaves no code behind', async () => {
    const page = await world.openAsStranger(world.server.ownerLink)

    await page.getByRole('heading', { name: 'Handshakes' }).waitFor()

    expect(page.url()).toBe(`${world.server.url}/handshakes`)
    const cookies = await page.context().cookies()
    expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
      { httpOnly: true, sameSite: 'Lax' },
    ])
    await page.goto('/sign-in')
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
  })

  test('works once', async () => {
    world.expectTrouble(unauthorized)
    world.expectTrouble(refused)
    const link = await world.server.newOwnerLink()
    const first = await world.openAsStranger(link)
    await first.getByRole('heading', { name: 'Handshakes' }).waitFor()

    const second = await world.openAsStranger(link)

    await second.getByRole('heading', { name: 'This link does not work' }).waitFor()
    expect(await second.getByRole('alert').textContent()).toContain('used already')
    await shot(second, 'sign-in-used')
  })

  test('that nobody has printed is refused', async () => {
    world.expectTrouble(unauthorized)
    world.expectTrouble(refused)
    const page = await world.openAsStranger('/sign-in#code=pl_made-up')

    await page.getByRole('heading', { name: 'This link does not work' }).waitFor()

    expect(await page.getByRole('alert').textContent()).toContain('unknown to the server')
  })
})

describeInBrowser('somebody who is not signed in', (world) => {
  test('is led to the sign-in page, which says how to get a link', async () => {
    world.expectTrouble(unauthorized)
    const page = await world.openAsStranger('/keys')

    await page.getByRole('heading', { name: 'Sign in to Parley' }).waitFor()

    expect(await page.getByText('npx parley link').isVisible()).toBe(true)
    await shot(page, 'sign-in')
  })

  test('sees the demo, and learns there what to do', async () => {
    world.expectTrouble(unauthorized)
    world.expectTrouble(refused)
    const page = await world.openAsStranger('/demo')

    await page.getByRole('button', { name: 'Hand to an agent' }).click()

    const alert = page.getByRole('alert')
    await expect.poll(() => alert.textContent(), patience).toContain('Sign in with an owner link')
    await waitForStatus(page, 'idle')
    await shot(page, 'demo-signed-out')
    await alert.getByRole('link', { name: 'How to sign in' }).click()
    await page.getByRole('heading', { name: 'Sign in to Parley' }).waitFor()
  })

  test('is the owner who has signed out', async () => {
    world.expectTrouble(unauthorized)
    const page = await world.openAsStranger(await world.server.newOwnerLink())
    await page.getByRole('heading', { name: 'Handshakes' }).waitFor()

    await page.getByRole('button', { name: 'Sign out' }).click()

    await page.getByRole('heading', { name: 'Sign in to Parley' }).waitFor()
    await page.goto('/')
    await page.getByRole('heading', { name: 'Sign in to Parley' }).waitFor()
  })
})
