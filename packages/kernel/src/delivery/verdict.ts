// What follows from one attempt: the end of the delivery, or the time of the next attempt.
import type { Micros } from '../ids/index.js'
import type { SendOutcome } from './port.js'

export type Verdict =
  | { state: 'sent'; status?: number }
  | { state: 'waiting'; nextAt: Micros; error: string; status?: number }
  | { state: 'dead'; error: string; status?: number }

type Attempted = {
  outcome: SendOutcome
  /** Failures before this attempt. */
  failures: number
  now: Micros
  expiresAt: Micros
  pausesMs: readonly number[]
  /** 0 up to, but not including, 1. */
  random(): number
}

const maxRetryAfterMs = 24 * 3_600_000
const jitter = 0.2

/** The pause after a failure: the list's, a fifth shorter to a fifth longer, so that failures of one time spread out. */
export function pauseMs(pausesMs: readonly number[], failures: number, random: () => number): number {
  const pause = pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0
  return Math.round(pause * (1 - jitter + 2 * jitter * random()))
}

export function toVerdict({ outcome, failures, now, expiresAt, pausesMs, random }: Attempted): Verdict {
  if (outcome.outcome === 'sent') return { state: 'sent', status: outcome.status }
  const { error, status } = outcome
  if (outcome.outcome === 'dead') return { state: 'dead', error, status }
  const asked = Math.min(Math.max(0, outcome.retryAfterMs || 0), maxRetryAfterMs)
  const nextAt = now + Math.ceil(Math.max(asked, pauseMs(pausesMs, failures, random)) * 1000)
  // Too old by then: there will be no other attempt.
  if (nextAt >= expiresAt) return { state: 'dead', error, status }
  return { state: 'waiting', nextAt, error, status }
}
