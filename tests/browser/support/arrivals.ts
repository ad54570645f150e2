import type { Page } from 'playwright-core'

/** Counts the filled controls at each `change` that a value from the agent makes. */
export async function watchArrivals(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const counts: number[] = []
    const form = document.querySelector('form')!
    const isFilled = (name: string) =>
      document.querySelector(`[name="${name}"][data-handshake-by="ai"]`) !== null
    form.addEventListener('change', () => {
      const names = new Set(Array.from(form.elements, (element) => element.getAttribute('name') ?? ''))
      counts.push([...names].filter((name) => name && isFilled(name)).length)
    })
    Object.assign(window, { arrivals: counts })
  })
  // A group of radios announces each of its controls: one arrival.
  return async () => [
    ...new Set(await page.evaluate(() => (window as unknown as { arrivals: number[] }).arrivals)),
  ]
}
