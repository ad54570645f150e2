// Who dials, and when again (contract 2.4, 2.10, 7.5). There is never more than one connection or dial at a time.

import type { Clock, Stop } from '@parley/kernel/ids'
import type { TransportState } from '../transport.js'
import type { BackOff } from './back-off.js'
import { createRefusals } from './refusals.js'

export type DiallerOptions = {
  clock: Clock
  backOff: BackOff
  /** Begins a connection. Nothing is told before it has returned. */
  open(events: DialEvents): { close(code: number, reason: string): void }
  onState(state: TransportState): void
  report(message: string): void
}

export type DialEvents = {
  opened(): void
  /** The first descriptor came: the token was believed. */
  ready(): void
  /** Once, and the last. */
  closed(code: number, reason: string): void
}

export interface Dialler {
  /** Dials, or joins what is under way. True when a connection is open and was not refused at once. */
  connect(): Promise<boolean>
  /** Closes, and dials again as a first attempt would: after a second. */
  rest(): void
  /** Keeps from dialling for a while, at most 60 s: somebody is about to suspend this machine. */
  hold(ms: number): void
  /** For good. Resolves when the connection is closed. */
  stop(): Promise<void>
}

/** A refusal follows the upgrade at once; whoever says nothing for this long has not refused. */
const refusalMs = 1_000
const longestHoldMs = 60_000

export function createDialler({ clock, backOff, open, onState, report }: DiallerOptions): Dialler {
  const refusals = createRefusals()
  let phase: 'idle' | 'dialling' | 'waiting' | 'disabled' | 'stopped' = 'idle'
  let link: ReturnType<DiallerOptions['open']> | undefined
  let openedAt: number | undefined
  let heldUntil = 0
  let isAccepted = false
  let isResting = false
  let stopTimer: Stop = () => {}
  let onStopped = () => {}
  let asked: ((isOpen: boolean) => void)[] = []

  const answer = (isOpen: boolean) => {
    isAccepted = isOpen
    const waiting = asked
    asked = []
    for (const tell of waiting) tell(isOpen)
  }

  function dial(): void {
    phase = 'dialling'
    openedAt = undefined
    onState({ state: 'connecting' })
    link = open({ opened, ready, closed })
  }
  function opened(): void {
    openedAt = clock.now()
    onState({ state: 'open' })
    stopTimer = clock.after(refusalMs, () => answer(true))
  }
  function ready(): void {
    stopTimer()
    refusals.handshaken()
    onState({ state: 'connected' })
    answer(true)
  }
  function closed(code: number, reason: string): void {
    stopTimer()
    link = undefined
    answer(false)
    if (phase === 'stopped') onStopped()
    else goOn(code, reason)
  }
  function goOn(code: number, reason: string): void {
    report(`connection closed: ${code} ${reason}`.trim())
    backOff.lived(openedAt === undefined ? 0 : clock.now() - openedAt)
    const next = refusals.ended(code, reason)
    if (isResting) rested()
    else if (next === 'at once') dial()
    else if (next === 'give up') disable()
    else wait((retryInMs) => ({ state: 'waiting', retryInMs, reason: reason || String(code) }))
  }
  function rested(): void {
    isResting = false
    backOff.reset()
    wait(() => ({ state: 'dormant' }))
  }
  function wait(stateOf: (retryInMs: number) => TransportState): void {
    phase = 'waiting'
    const retryInMs = Math.max(backOff.next(), heldUntil - clock.now())
    stopTimer = clock.after(retryInMs, dial)
    onState(stateOf(retryInMs))
  }
  function disable(): void {
    phase = 'disabled'
    report('the connector has revoked this gateway; it is not dialled any more')
    onState({ state: 'disabled', error: 'relay_disabled' })
  }

  return {
    connect: () => {
      if (phase === 'disabled' || phase === 'stopped') return Promise.resolve(false)
      if (isAccepted) return Promise.resolve(true)
      const outcome = new Promise<boolean>((resolve) => asked.push(resolve))
      if (phase !== 'dialling') {
        stopTimer()
        dial()
      }
      return outcome
    },
    rest: () => {
      isResting = true
      link?.close(1000, 'dormant')
    },
    hold: (ms) => {
      heldUntil = clock.now() + Math.min(ms, longestHoldMs)
      if (phase !== 'waiting') return
      stopTimer()
      stopTimer = clock.after(heldUntil - clock.now(), dial)
    },
    stop: async () => {
      if (phase === 'stopped') return
      phase = 'stopped'
      stopTimer()
      if (link) {
        const gone = new Promise<void>((resolve) => {
          onStopped = resolve
        })
        link.close(1000, 'closed')
        await gone
      }
      answer(false)
      onState({ state: 'closed' })
    },
  }
}
