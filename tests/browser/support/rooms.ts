import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { patience } from './demo.js'

export type WantedRoom = { title: string; tenant?: string; assistants?: readonly string[]; people?: string }

/** Makes a room, as a person does it from the list; the page shows it then. */
export async function makeRoom(
  page: Page,
  { title, tenant, assistants = [], people }: WantedRoom,
): Promise<void> {
  await page.getByRole('button', { name: 'New room' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill(title)
  if (tenant) await dialog.getByLabel('Tenant').fill(tenant)
  if (people) await dialog.getByLabel('People').fill(people)
  for (const name of assistants) await dialog.getByRole('checkbox', { name }).check({ force: true })
  await dialog.getByRole('button', { name: 'Create room' }).click()
  await live(page)
}

/** Waits until a room is shown and followed. */
export async function live(page: Page): Promise<void> {
  const badge = page.getByTestId('connection')
  await expect.poll(() => badge.getAttribute('data-connection').catch(() => null), patience).toBe('open')
}

/** Writes a message and sends it. */
export async function say(page: Page, words: string): Promise<void> {
  const area = page.getByRole('textbox', { name: 'Message', exact: true })
  await area.fill(words)
  await area.press('Enter')
}

/** The messages that have such words, as they stand. */
export const messages = (page: Page, words: string | RegExp): Locator =>
  page.locator('[data-parley-message]', { hasText: words })

export const itemsOf = (page: Page, kind: string): Locator => page.locator(`[data-parley-item=${kind}]`)

/** The id of the room that is shown. */
export const roomId = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1)!

type Poster = { id: string; tenant?: Readonly<Record<string, string>> }

/** Posts parts that nobody can write by hand, as a member of the room: by default as the person whose page it is. */
export async function post(
  page: Page,
  content: readonly object[],
  { id, tenant = {} }: Poster = { id: 'owner' },
): Promise<void> {
  const identity = { id, name: id, metadata: { tenant } }
  // A cookie counts for pages of the server only.
  const { origin } = new URL(page.url())
  const made = await page.request.post('/parley/v1/threads/tokens', {
    data: { identity },
    headers: { origin },
  })
  const { token } = await made.json()
  const sent = await page.request.post(`/acp/threads/${roomId(page)}/messages`, {
    data: { content },
    headers: { authorization: `Bearer ${token}` },
  })
  expect(sent.status()).toBe(201)
}
