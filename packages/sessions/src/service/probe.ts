import type { Probe } from './core.js'

const withinMs = 5_000

/** Asks over HTTP; follows no redirect. */
export const httpProbe: Probe = async (url) => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(withinMs), redirect: 'error' })
    await response.body?.cancel()
    return response.ok
  } catch {
    // Whatever it was, nobody answered.
    return false
  }
}
