import { expect, test } from 'vitest'
import {
  agentOf,
  by,
  contextOf,
  field,
  handOver,
  patience,
  waitForFields,
  waitForStatus,
} from './support/demo.js'
import { describeInBrowser } from './support/world.js'

const noServer = /WebSocket connection to|Failed to load resource: net::ERR_/

describeInBrowser('a server that restarts under an open page', (world) => {
  // proves: handshake.h25
  test('the page comes back by itself; what was acknowledged is there, and new writes arrive', async () => {
    world.expectTrouble(noServer)
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    const batch = agent.action(
      { name: 'Sample Visitor', email: 'visitor@example.org', notes: 'Before.' },
      { intervalMs: 100 },
    )
    await waitForFields(page, { name: 'Sample Visitor' })

    await world.server.end('SIGTERM')
    // Whoever stops in order lets the batch that runs end, and answers it.
    const { applied } = await batch
    await waitForStatus(page, 'reconnecting')
    await world.server.start()

    expect(applied).toEqual(['name', 'email', 'notes'])
    await waitForFields(page, { name: 'Sample Visitor', email: 'visitor@example.org', notes: 'Before.' })
    await waitForStatus(page, 'connected', 'done')
    expect((await agent.action({ organisation: 'After.' })).applied).toEqual(['organisation'])
    await waitForFields(page, { organisation: 'After.' })
  })

  test('killed in the middle of a batch, it has lost nothing that it acknowledged or the page has shown', async () => {
    world.expectTrouble(noServer)
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    await agent.action({ name: 'Acknowledged' }, { stream: false })
    const batch = agent.action(
      { email: 'visitor@example.org', organisation: 'Print works', notes: 'Last.' },
      { intervalMs: 2000 },
    )
    const outcome = batch.then(
      () => 'answered',
      () => 'cut off',
    )
    await waitForFields(page, { email: 'visitor@example.org' })

    await world.server.end('SIGKILL')
    await world.server.start()

    expect(await outcome).toBe('cut off')
    await waitForStatus(page, 'connected', 'writing', 'done')
    const stored = await contextOf(agent)
    expect(stored.name).toMatchObject({ value: 'Acknowledged', by: 'ai' })
    expect(stored.email).toMatchObject({ value: 'visitor@example.org', by: 'ai' })
    await agent.action({ organisation: 'Again', notes: 'Again' })
    await waitForFields(page, {
      name: 'Acknowledged',
      email: 'visitor@example.org',
      organisation: 'Again',
      notes: 'Again',
    })
  })

  test('what was typed while there was no server is delivered when there is one again', async () => {
    world.expectTrouble(noServer)
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    await world.server.end('SIGKILL')
    await waitForStatus(page, 'reconnecting')

    await page.getByLabel('Organisation').pressSequentially('Typed offline')
    await page.getByLabel('Track').selectOption('interfaces')
    await page.getByLabel('Vegan').check()
    await world.server.start()

    await expect
      .poll(async () => {
        const { organisation, track, meals } = await contextOf(agent)
        return [organisation, track, meals].map((entry) => [entry?.value, entry?.by])
      }, patience)
      .toEqual([
        ['Typed offline', 'user'],
        ['interfaces', 'user'],
        ['vegan', 'user'],
      ])
    expect((await agent.action({ organisation: 'Theirs', name: 'N' })).rejected).toEqual(['organisation'])
    await waitForFields(page, { name: 'N' })
    expect(await field(page, 'organisation')).toBe('Typed offline')
    expect(await by(page, 'organisation')).toBe('user')
  })

  test('the console’s views come back, too', async () => {
    world.expectTrouble(noServer)
    world.expectTrouble(/Failed to load resource: the server responded with a status of 503/)
    const demo = await world.open('/demo')
    const agent = agentOf(await handOver(demo))
    const page = await demo.context().newPage()
    await page.goto(`/handshakes/${agent.sessionId}`)
    const connection = page.getByTestId('connection')
    await expect.poll(() => connection.getAttribute('data-connection'), patience).toBe('open')

    await world.server.end('SIGTERM')
    await expect.poll(() => connection.getAttribute('data-connection'), patience).toBe('lost')
    await world.server.start()
    await agent.action({ name: 'After the restart' })

    const value = page.locator('[data-testid=field][data-key=name] [data-testid=value]')
    await expect.poll(() => value.textContent(), patience).toBe('After the restart')
    expect(await connection.getAttribute('data-connection')).toBe('open')
  })
})
