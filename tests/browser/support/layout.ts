import type { Page } from 'playwright-core'

/** What reaches past the right edge of the screen, so that the page scrolls sideways; empty when nothing does. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    const wide = Array.from(document.querySelectorAll<HTMLElement>('body *')).filter(
      (element) => element.getBoundingClientRect().right > width + 1,
    )
    return [
      `${document.documentElement.scrollWidth} > ${width}`,
      ...wide.map((element) => element.outerHTML.slice(0, 120)),
    ]
  })
}

/** The background of the page as red, green and blue, 0 to 255 each. */
export function background(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')!
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor
    canvas.fillRect(0, 0, 1, 1)
    return Array.from(canvas.getImageData(0, 0, 1, 1).data.slice(0, 3))
  })
}

/** Presses Tab until the focus is on what has this name; throws when it never gets there. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    const focused = await nameOfFocused(page)
    if (focused === name) return
    passed.push(focused)
  }
  throw new Error(`Tab never reaches "${name}"; it passes ${passed.join(' | ')}`)
}

/** The name of the focused element, as a person would say it. */
export function nameOfFocused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement as HTMLInputElement | null
    const labels = Array.from(focused?.labels ?? [], (label) => label.textContent ?? '')
    const name = focused?.getAttribute('aria-label') ?? labels[0] ?? focused?.textContent ?? ''
    return name.trim()
  })
}

/** True while the focused element shows where it is. */
export function showsFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement!)
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
  })
}
