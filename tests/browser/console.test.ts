import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { agentOf, handOver, patience, waitForFields } from './support/demo.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

describeInBrowser('the console', (world) => {
  test('shows a handshake that begins elsewhere, and how far it is, without a reload', async () => {
    const page = await world.open('/')
    await connected(page)
    const demo = await world.open('/demo')
    const agent = agentOf(await handOver(demo))

    const row = page
      .getByRole('list', { name: 'Handshakes' })
      .getByRole('listitem')
      .filter({ hasText: agent.sessionId.slice(0, 8) })
    await row.waitFor()
    expect(await row.getByTestId('progress').textContent()).toBe('0 of 9 fields')
    expect(await row.getByTestId('state').getAttribute('data-state')).toBe('open')
    await agent.action({ name: 'Sample Visitor', guests: 1 }, { stream: false })
    await expect.poll(() => row.getByTestId('progress').textContent(), patience).toBe('2 of 9 fields')
    await shot(page, 'list')

    await page.getByRole('searchbox', { name: 'Search by title, id or owner' }).fill('no such words')
    await page.getByText('Nothing matches.').waitFor()
    await page.getByRole('searchbox').fill(agent.sessionId)
    await row.waitFor()
    await page.getByRole('radio', { name: 'Ended' }).check({ force: true })
    await expect.poll(() => row.count(), patience).toBe(0)
    await demo.getByRole('button', { name: 'Stop and revoke' }).click()
    await row.waitFor()
    expect(await row.getByTestId('state').getAttribute('data-state')).toBe('revoked')
  })

  test('shows what happens in a handshake as it happens, and who did it', async () => {
    const demo = await world.open('/demo')
    const agent = agentOf(await handOver(demo))
    const page = await world.open(`/handshakes/${agent.sessionId}`)
    await connected(page)
    await page.getByTestId('caught-up').waitFor()
    expect(await page.getByTestId('missing-count').textContent()).toBe('5 required fields are missing')

    await agent.action({ name: 'Sample Visitor', track: 'protocols' }, { intervalMs: 50 })
    await demo.getByLabel('Organisation').fill('Print works')
    await demo.getByLabel('Full name').fill('My own name')

    await expect.poll(() => fieldOf(page, 'track'), patience).toEqual(['protocols', 'ai', 'true'])
    await expect.poll(() => fieldOf(page, 'organisation'), patience).toEqual(['Print works', 'user', 'true'])
    await expect.poll(() => fieldOf(page, 'name'), patience).toEqual(['My own name', 'user_edit', 'true'])
    expect(await page.getByTestId('missing-count').textContent()).toBe('3 required fields are missing')
    const events = page.getByTestId('event')
    await expect.poll(() => events.count(), patience).toBeGreaterThanOrEqual(6)
    const seen = await events.evaluateAll((items) =>
      items.map((item) => Number(item.getAttribute('data-seq'))),
    )
    expect([...seen].sort((a, b) => a - b)).toEqual(seen.map((_, index) => index + 1))
    await shot(page, 'detail')
  })

  test('extends a handshake, by half an hour and by what one asks for', async () => {
    const agent = agentOf(await handOver(await world.open('/demo')))
    const page = await world.open(`/handshakes/${agent.sessionId}`)

    await page.getByRole('button', { name: 'Extend 30 min' }).click()
    await expect.poll(() => minutesLeft(page), patience).toBeOneOf([59, 60])
    await page.getByRole('button', { name: 'Extend by…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Minutes').fill('120')
    await shot(page, 'dialog-extend')
    await dialog.getByRole('button', { name: 'Extend', exact: true }).click()

    await expect.poll(() => minutesLeft(page), patience).toBeOneOf([179, 180])
    const { expiresIn } = await agent.getContext()
    expect(Math.round(expiresIn / 60)).toBe(180)
  })

  test('keeps a trail of who did what', async () => {
    const agent = agentOf(await handOver(await world.open('/demo')))
    await agent.getContext()
    await agent.action({ name: 'Sample Visitor' }, { stream: false })
    const page = await world.open(`/handshakes/${agent.sessionId}`)

    await page.getByRole('tab', { name: 'Audit' }).click()

    const kinds = () =>
      page
        .getByTestId('audit-record')
        .evaluateAll((items) => items.map((item) => item.getAttribute('data-kind')))
    await expect.poll(kinds, patience).toContain('session.created')
    await shot(page, 'audit')
  })

  test('says so when there is no such handshake', async () => {
    world.expectTrouble(/status of 404/)
    const page = await world.open(`/handshakes/${'0'.repeat(32)}`)

    await page.getByText('No such handshake.').waitFor()
  })

  test('makes an API key that opens the server, shows it once, and revokes it', async () => {
    const page = await world.open('/keys')
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByLabel('Name').fill('Build machine')
    await page.getByRole('button', { name: 'Create key' }).click()
    const key = (await page.getByTestId('new-key').textContent()) ?? ''
    await shot(page, 'dialog-key')
    await page.getByRole('button', { name: 'Done' }).click()

    expect(await statusWith(world.server.url, key)).toBe(200)
    await page.reload()
    await page.getByText('Build machine').waitFor()
    expect(await page.content()).not.toContain(key)
    await shot(page, 'keys')
    await page.getByRole('button', { name: 'Revoke Build machine' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke key' }).click()

    await expect.poll(() => statusWith(world.server.url, key), patience).toBe(401)
  })

  test('lets the demo’s fields be filled by the command that the dialog shows', async () => {
    const page = await world.open('/demo')
    await page.getByRole('button', { name: 'Hand to an agent' }).click()
    await expect.poll(() => page.getByTestId('curl').inputValue(), patience).toContain('curl')
    await shot(page, 'dialog-prompt')
    const line = await page.getByTestId('curl').inputValue()

    await promisify(execFile)('sh', ['-c', line])

    await waitForFields(page, { name: 'Sample Visitor', meals: 'vegetarian', newsletter: true })
  })
})

async function connected(page: Page): Promise<void> {
  const badge = page.getByTestId('connection')
  await expect.poll(() => badge.getAttribute('data-connection'), patience).toBe('open')
}

/** Value, writer and whether it arrived while the page was open. */
async function fieldOf(page: Page, key: string): Promise<(string | null)[]> {
  const field = page.locator(`[data-testid=field][data-key="${key}"]`)
  return [
    await field.getByTestId('value').textContent(),
    await field.getAttribute('data-by'),
    await field.getAttribute('data-new'),
  ]
}

async function minutesLeft(page: Page): Promise<number> {
  const text = (await page.getByTestId('time-left').first().textContent()) ?? ''
  const [hours = 0, minutes = 0] = [/(\d+) h/, /(\d+) min/].map((unit) => Number(unit.exec(text)?.[1] ?? 0))
  return hours * 60 + minutes
}

async function statusWith(url: string, key: string): Promise<number> {
  const { status } = await fetch(`${url}/parley/v1/me`, { headers: { authorization: `Bearer ${key}` } })
  return status
}
