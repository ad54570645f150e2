// Which part of a long list is in the page.

/** From (inclusive) to (exclusive). `to` is null while the end is followed. */
export type ListWindow = { readonly from: number; readonly to: number | null }

/** Entries that are added at an end, and how many there are at most. */
const step = 150
const most = 450

/** The newest. */
export const latest = (count: number): ListWindow => ({ from: Math.max(0, count - step), to: null })

/** More of what came before; the other end is let go when it gets too much. */
export function earlier({ from, to }: ListWindow, count: number): ListWindow {
  const start = Math.max(0, from - step)
  const end = Math.min(to ?? count, start + most)
  return { from: start, to: end >= count ? null : end }
}

/** More of what comes after. */
export function later(window: ListWindow, count: number): ListWindow {
  const { from, to } = window
  if (to === null) return window
  const end = Math.min(count, to + step)
  return { from: Math.max(from, end - most), to: end >= count ? null : end }
}

/** While the end is followed, what is far above it is let go. */
export function following(window: ListWindow, count: number): ListWindow {
  return window.to === null && count - window.from > most ? latest(count) : window
}
