import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const folder = process.env.PARLEY_SHOTS
if (folder) {
  mkdirSync(folder, { recursive: true })
  process.stderr.write(`Pictures of pages go to ${folder}.\n`)
}

/** Takes a picture of the page, when `PARLEY_SHOTS` names a folder for them: all of it, or what is seen of a dialog. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!folder) return
  const fullPage = (await page.locator('dialog[open], [role=dialog], [role=alertdialog]').count()) === 0
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage, animations: 'disabled' })
}
