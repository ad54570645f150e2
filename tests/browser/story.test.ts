import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { watchArrivals } from './support/arrivals.js'
import {
  agentOf,
  by,
  contextOf,
  field,
  fields,
  handOver,
  patience,
  waitForFields,
  waitForStatus,
} from './support/demo.js'
import { shot } from './support/shot.js'
import { describeInBrowser } from './support/world.js'

describeInBrowser('a form that is handed to agents', (world) => {
  // proves: handshake.h25
  test('two agents with one prompt fill it, field by field, and the page says who wrote what', async () => {
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    const arrivals = await watchArrivals(page)

    const answers = await Promise.all([
      agent.action(
        { name: 'Sample Visitor', email: 'visitor@example.org', track: 'protocols' },
        { intervalMs: 40 },
      ),
      agentOf(await promptAgain(page)).action(
        { arrival: '2026-06-17', guests: 1, meals: 'vegan', notes: 'By train.', newsletter: true },
        { intervalMs: 40 },
      ),
    ])

    expect(answers.map(({ rejected, errors }) => [...rejected, ...errors])).toEqual([[], []])
    const written = {
      name: 'Sample Visitor',
      email: 'visitor@example.org',
      track: 'protocols',
      arrival: '2026-06-17',
      guests: '1',
      meals: 'vegan',
      notes: 'By train.',
      newsletter: true,
    }
    await waitForFields(page, written)
    await waitForStatus(page, 'done')
    const marks = await Promise.all(Object.keys(written).map((name) => by(page, name)))
    expect(marks).toEqual(Object.keys(written).map(() => 'ai'))
    expect(await by(page, 'organisation')).toBe('empty')
    expect(await arrivals()).toEqual(Object.keys(written).map((_, index) => index + 1))
    await shot(page, 'demo-filled')
  })

  test('what the user types stays, and the agent is told that the field is not its own', async () => {
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    const notes = page.getByLabel('What should we know?')
    await notes.press('M')
    await expect
      .poll(async () => (await agent.getDiff()).changes.map(({ key }) => key), patience)
      .toEqual(['notes'])

    const [answer] = await Promise.all([
      agent.action({ name: 'Sample Visitor', notes: 'Theirs', guests: 2 }, { intervalMs: 200 }),
      notes.pressSequentially('y own words', { delay: 40 }),
    ])

    expect(answer).toMatchObject({ applied: ['name', 'guests'], rejected: ['notes'] })
    await waitForFields(page, { name: 'Sample Visitor', guests: '2', notes: 'My own words' })
    await expect.poll(() => by(page, 'notes')).toBe('user')
    await expect
      .poll(() => page.getByTestId('status-detail').textContent())
      .toContain('Kept as you wrote it: What should we know?')
  })

  test('typing over the agent while it writes wins, whoever was first', async () => {
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    const name = page.getByLabel('Full name')

    const batch = agent.action(
      { organisation: 'a', name: 'Theirs', email: 'b', notes: 'c' },
      { intervalMs: 150 },
    )
    await waitForFields(page, { organisation: 'a' })
    await name.focus()
    await name.press('End')
    await name.pressSequentially(' Mine', { delay: 20 })
    const typed = await name.inputValue()
    await batch
    await waitForStatus(page, 'done')

    expect(typed).toMatch(/ Mine$/)
    expect(await field(page, 'name')).toBe(typed)
    await expect.poll(async () => (await contextOf(agent)).name?.value, patience).toBe(typed)
    const second = await agent.action({ name: 'Theirs again' })
    expect(second.rejected).toEqual(['name'])
    expect(await field(page, 'name')).toBe(typed)
  })

  // proves: handshake.h25
  test('a reload in the middle of a batch loses nothing, neither written nor typed, and the page stays live', async () => {
    const page = await world.open('/demo')
    const agent = agentOf(await handOver(page))
    const batch = agent.action(
      {
        name: 'Sample Visitor',
        email: 'visitor@example.org',
        track: 'operations',
        guests: 3,
        notes: 'Late.',
      },
      { intervalMs: 250 },
    )
    await waitForFields(page, { name: 'Sample Visitor' })
    await page.getByLabel('Organisation').pressSequentially('Print works')

    await page.reload()
    await batch

    const all = {
      name: 'Sample Visitor',
      email: 'visitor@example.org',
      organisation: 'Print works',
      track: 'operations',
      guests: '3',
      notes: 'Late.',
    }
    await waitForFields(page, all)
    expect(await by(page, 'organisation')).toBe('user')
    expect(await by(page, 'name')).toBe('ai')
    await agent.action({ meals: 'vegetarian' })
    await waitForFields(page, { ...all, meals: 'vegetarian' })
    await expect.poll(async () => (await contextOf(agent)).organisation?.value).toBe('Print works')
  })

  test('a reload without a session makes none', async () => {
    const page = await world.open('/demo')

    await page.reload()

    await waitForStatus(page, 'idle')
    expect(await fields(page, ['name', 'notes'])).toEqual({ name: '', notes: '' })
  })

  test('the last word is the visitor’s: a complete form can be sent', async () => {
    const page = await world.open('/demo')
    await agentOf(await handOver(page)).action({
      name: 'Sample Visitor',
      email: 'visitor@example.org',
      track: 'protocols',
      arrival: '2026-06-17',
      meals: 'vegan',
    })
    await waitForStatus(page, 'done')
    expect(await page.getByTestId('status-detail').textContent()).toContain('Nothing is missing')

    await page.getByRole('button', { name: 'Register' }).click()

    await expect.poll(() => page.getByTestId('submitted').textContent()).toContain('Looks complete')
  })
})

async function promptAgain(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Show the prompt' }).click()
  const text = await page.getByTestId('prompt').inputValue()
  await page.keyboard.press('Escape')
  return text
}
