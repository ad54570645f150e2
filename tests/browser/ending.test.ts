import { expect, test } from 'vitest'
import { agentOf, field, handOver, patience, waitForFields, waitForStatus } from './support/demo.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

const gone = { status: 404, body: { error: 'session not found or expired' } }

describeInBrowser('a handshake that ends', (world) => {
  test('revoked in the console, in the middle of a batch: the page says so and the agent is out', async () => {
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    const console = await page.context().newPage()
    await console.goto(`/handshakes/${agent.sessionId}`)
    const batch = agent
      .action({ name: 'Sample Visitor', email: 'a@example.org', notes: 'n', guests: 1 }, { intervalMs: 2000 })
      .catch((error: unknown) => error)
    await waitForFields(page, { name: 'Sample Visitor' })

    await console.getByRole('button', { name: 'Revoke' }).click()
    const dialog = console.getByRole('alertdialog')
    await dialog.getByRole('button', { name: 'Revoke handshake' }).click()

    await waitForStatus(page, 'revoked')
    await expect.poll(() => console.getByTestId('state').getAttribute('data-state'), patience).toBe('revoked')
    await batch
    await expect(agent.getContext()).rejects.toMatchObject(gone)
    await expect(agent.action({ notes: 'late' })).rejects.toMatchObject(gone)
    expect(await field(page, 'name')).toBe('Sample Visitor')
    expect(await field(page, 'notes')).toBe('')
    await shot(page, 'demo-revoked')
  })

  test('stopped on the page itself, and begun anew with another prompt', async () => {
    const page = await world.open('/demo')
    const first = agentOf(await handOver(page))
    await first.action({ name: 'Sample Visitor' })
    await waitForFields(page, { name: 'Sample Visitor' })

    await page.getByRole('button', { name: 'Stop and revoke' }).click()

    await waitForStatus(page, 'revoked')
    await expect(first.action({ notes: 'late' })).rejects.toMatchObject(gone)
    const second = agentOf(await handOver(page))
    expect(second.sessionId).not.toBe(first.sessionId)
    expect((await second.action({ notes: 'new' })).applied).toEqual(['notes'])
    await waitForFields(page, { name: 'Sample Visitor', notes: 'new' })
  })

  test('a reload after the end begins nothing new', async () => {
    world.expectTrouble(/status of 404/)
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    const console = await page.context().newPage()
    await console.goto(`/handshakes/${agent.sessionId}`)
    await page.goto('about:blank')
    await console.getByRole('button', { name: 'Revoke' }).click()
    await console.getByRole('button', { name: 'Revoke handshake' }).click()
    await expect.poll(() => console.getByTestId('state').getAttribute('data-state'), patience).toBe('revoked')

    const calls: string[] = []
    page.on('request', (request) => calls.push(`${request.method()} ${new URL(request.url()).pathname}`))
    await page.goto('/demo')

    await expect.poll(() => calls, patience).toContain(`GET /handshake/context/${agent.sessionId}`)
    await waitForStatus(page, 'idle')
    await page.reload()
    await page.getByRole('button', { name: 'Hand to an agent' }).waitFor()
    expect(calls.filter((call) => call.includes('/handshake/'))).toEqual([
      `GET /handshake/context/${agent.sessionId}`,
    ])
  })
})

describeInBrowser(
  'a handshake whose time is up',
  (world) => {
    test('the page says that it expired, and the agent is out', async () => {
      world.expectTrouble(/status of 404/)
      const page = await world.open('/demo')
      const agent = agentOf(await handOver(page))
      await agent.action({ name: 'Sample Visitor' })

      await waitForStatus(page, 'expired')

      await expect(agent.getContext()).rejects.toMatchObject(gone)
      expect(await field(page, 'name')).toBe('Sample Visitor')
      expect(await page.getByRole('button', { name: 'Stop and revoke' }).isVisible()).toBe(false)
      await page.getByRole('button', { name: 'Hand to an agent' }).waitFor()
      await shot(page, 'demo-expired')
      await page.goto(`/handshakes/${agent.sessionId}`)
      const state = page.getByTestId('state')
      await expect.poll(() => state.getAttribute('data-state'), patience).toBe('expired')
    })

    test('more time from the page keeps it alive', async () => {
      const page = await world.open('/demo')
      await handOver(page)

      await page.getByRole('button', { name: '30 more minutes' }).click()

      await expect.poll(() => page.getByTestId('time-left').textContent(), patience).toMatch(/^(30:|29 |30 )/)
    })
  },
  { env: { PARLEY_HANDSHAKE_TTL_SECONDS: '3' } },
)
