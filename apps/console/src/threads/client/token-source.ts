import type { Clock } from '../../time/clock.js'

/** Seconds that a token is asked for, and before its end from which on it is not used any more. */
const lifetimeSeconds = 3_600
const reserveSeconds = 600

type Options = { mint: (ttlSeconds: number) => Promise<string>; clock: Pick<Clock, 'now'> }

/** A token for every request: the same one until shortly before it ends. Whoever asks meanwhile waits for the same. */
export function tokenSource({ mint, clock }: Options): () => Promise<string> {
  let current: { token: Promise<string>; untilMs: number } | undefined
  return () => {
    if (current && clock.now() < current.untilMs) return current.token
    const minted = {
      token: mint(lifetimeSeconds),
      untilMs: clock.now() + (lifetimeSeconds - reserveSeconds) * 1000,
    }
    current = minted
    // One that could not be made is asked for again.
    minted.token.catch(() => {
      if (current === minted) current = undefined
    })
    return minted.token
  }
}
