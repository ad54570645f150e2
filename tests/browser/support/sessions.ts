import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { patience } from './demo.js'
import { makeWorkspace } from './workspace.js'
import type { World } from './world.js'

/** Options of a server whose agents work in a directory of the test, which is there by then. */
export function withWorkspace() {
  const place = { dir: '', shop: '' }
  const options = async () => {
    Object.assign(place, await makeWorkspace())
    return { env: { PARLEY_WORKSPACES: place.dir } }
  }
  return { place, options }
}

/** Starts a session as a program does it, and shows it. */
export async function openSession(world: World, page: Page, cwd: string): Promise<string> {
  const id = await startSession(world, page, cwd)
  await page.goto(`/sessions/${id}`)
  await stateIs(page, 'idle')
  return id
}

/** Starts a session of the demo agent. Answers its id. */
export async function startSession(world: World, page: Page, cwd: string): Promise<string> {
  const answer = await page.request.post('/api/agents', {
    data: { agentTemplateId: 'demo', cwd },
    headers: { origin: world.server.url },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return (await answer.json()).id
}

/** Writes a prompt and sends it. */
export async function prompt(page: Page, words: string): Promise<void> {
  const area = page.getByRole('textbox', { name: 'Prompt', exact: true })
  await area.fill(words)
  await area.press('Enter')
}

/** Waits until the session that is shown stands like this: `idle`, `working`, `asks`, `ended` … */
export async function stateIs(page: Page, state: string): Promise<void> {
  const badge = page.getByTestId('session-state')
  await expect
    .poll(() => badge.getAttribute('data-state', { timeout: 500 }).catch(() => null), patience)
    .toBe(state)
}

/** Entries of the timeline: `prompt`, `message`, `tool`, `plan`, `permission`, `turn` … */
export const entries = (page: Page, kind: string): Locator => page.locator(`[data-entry=${kind}]`)

/** Waits until so many turns are over. */
export async function turnsOver(page: Page, count: number): Promise<void> {
  await expect.poll(() => page.getByTestId('turn-end').count(), patience).toBe(count)
}

export async function choosePane(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name, exact: true }).filter({ visible: true }).click()
}
