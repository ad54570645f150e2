import { type FieldEntry, HandshakeAgent } from '@parley/handshake/client'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** How long a failing test waits for something that does not come. */
export const patience = { timeout: 20_000 }

/** Hands the demo form over and reads the prompt, as a person does it; the dialog is closed again. */
export async function handOver(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Hand to an agent' }).click()
  // The text of an earlier prompt stays in the closed dialog.
  await page.getByRole('dialog').waitFor()
  const text = await page.getByTestId('prompt').inputValue()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await waitForStatus(page, 'connected')
  return text
}

/** An agent that knows nothing but the prompt. */
export function agentOf(prompt: string): HandshakeAgent {
  return HandshakeAgent.fromPrompt(prompt)
}

export async function waitForStatus(page: Page, ...states: string[]): Promise<void> {
  const status = page.getByTestId('status')
  await expect.poll(() => status.getAttribute('data-state'), patience).toBeOneOf(states)
}

/** What a field of the demo form holds. */
export function field(page: Page, name: string): Promise<unknown> {
  return page.evaluate((key) => {
    const form = document.querySelector('form')!
    const control = form.elements.namedItem(key)
    if (control instanceof HTMLInputElement && control.type === 'checkbox') return control.checked
    return (control as HTMLInputElement | RadioNodeList).value
  }, name)
}

/** What several fields of the demo form hold. */
export async function fields(page: Page, names: readonly string[]): Promise<Record<string, unknown>> {
  const entries = await Promise.all(names.map(async (name) => [name, await field(page, name)] as const))
  return Object.fromEntries(entries)
}

/** Who wrote a field, as the page marks it. */
export function by(page: Page, name: string): Promise<string | null> {
  return page.locator(`form [name="${name}"]`).first().getAttribute('data-handshake-by')
}

/** Waits until the form holds these values. */
export async function waitForFields(page: Page, values: Readonly<Record<string, unknown>>): Promise<void> {
  await expect.poll(() => fields(page, Object.keys(values)), patience).toEqual(values)
}

/** The values of a form as the server knows them. */
export async function contextOf(agent: HandshakeAgent): Promise<Record<string, FieldEntry>> {
  const answer = await agent.getContext()
  // A union over the modes; the demo's sessions are forms.
  return 'context' in answer ? (answer.context as Record<string, FieldEntry>) : {}
}
