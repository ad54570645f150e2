// The link of a host to its server: dials, resumes, dials again (section 13.6).
import type { Clock, Stop } from '@parley/kernel/ids'
import type { HostRequest, HostResponse, SignalFrame } from '../../protocol/index.js'
import type { Spool } from '../spool/index.js'
import { type BackOffOptions, createBackOff } from './back-off.js'
import { closeMeaning } from './close-meaning.js'
import { type Connection, openConnection } from './connection.js'
import type { HostIntroduction } from './hello.js'
import { createLateSignals } from './late-signals.js'
import type { Dial } from './socket.js'

export type LinkOptions = {
  spool: Spool
  dial: Dial
  clock: Clock
  /** 0 to 1, as `Math.random`. */
  random(): number
  backOff?: Omit<BackOffOptions, 'random'>
  introduce(): HostIntroduction
  /** Never rejects. */
  answer(request: HostRequest): Promise<HostResponse>
  /** Told whenever the link comes up (after the welcome) and goes down. */
  onChange?(isUp: boolean): void
  /** The server does not want this host, for good. Nothing is dialled after that. */
  onRefused(refusal: LinkRefusal): void
  /** For the operator. Holds no secret. */
  report?(message: string): void
}

/** `exitCode`: of the process. */
export type LinkRefusal = { code: number; reason: string; exitCode: number }

export interface Link {
  readonly isUp: boolean
  /** Sends a signal when the link is up and takes it; else it is dropped, but for the newest of its channel, which comes later. */
  signal(signal: Omit<SignalFrame, 'type'>): void
  /** Says goodbye, and dials no more. Resolves when the socket is closed. */
  close(reason: string): Promise<void>
}

/** Dials at once. */
export function openLink(options: LinkOptions): Link {
  const { spool, clock, random, onChange = () => {}, report = () => {} } = options
  const backOff = createBackOff({ random, ...options.backOff })
  const late = createLateSignals()
  let connection: Connection | undefined
  let stopTimer: Stop | undefined
  let upSince: number | undefined
  let unauthorized = 0
  let mayDialAtOnce = true
  let isNewEpochDue = false
  let isClosed = false
  let onEnded: (() => void) | undefined

  const dial = () => {
    stopTimer = undefined
    connection = undefined
    try {
      connection = openConnection({
        ...options,
        report,
        onWelcome: () => {
          upSince = clock.now()
          unauthorized = 0
          onChange(true)
          sendLate()
        },
        onRoom: () => sendLate(),
        onReset: (reason) => {
          report(`the server wants a new epoch: ${reason}`)
          isNewEpochDue = true
        },
        onClosed: (code, reason) => void closed(code, reason),
      })
    } catch (error) {
      void closed(1006, error instanceof Error ? error.message : String(error))
    }
  }

  const sendLate = () => late.flush((text) => connection?.signal(text) ?? false)
  const closed = async (code: number, reason: string) => {
    connection = undefined
    noteDown()
    if (isClosed) return onEnded?.()
    const refusal = refusalOf(code, reason)
    if (refusal) return refuse(refusal)
    const isAtOnce = mayDialAtOnce && (isNewEpochDue || closeMeaning(code).next === 'dial at once')
    if (isAtOnce) mayDialAtOnce = false
    else report(`link down (${code}${reason && ` ${reason}`})`)
    if (isNewEpochDue) await startEpoch()
    if (!isClosed) stopTimer = clock.after(isAtOnce ? 0 : backOff.next(), dial)
  }
  const noteDown = () => {
    if (upSince === undefined) return
    const livedMs = clock.now() - upSince
    upSince = undefined
    backOff.lived(livedMs)
    if (livedMs >= (options.backOff?.resetAfterMs ?? 30_000)) mayDialAtOnce = true
    onChange(false)
  }
  const refusalOf = (code: number, reason: string): LinkRefusal | undefined => {
    const meaning = closeMeaning(code)
    if (meaning.next === 'stop') return { code, reason, exitCode: meaning.exitCode }
    if (meaning.next !== 'retry once') return undefined
    unauthorized++
    return unauthorized > 1 ? { code, reason, exitCode: 1 } : undefined
  }
  const refuse = (refusal: LinkRefusal) => {
    isClosed = true
    report(`the server refuses this host (${refusal.code} ${refusal.reason})`)
    options.onRefused(refusal)
  }
  // A spool that can't be written ends the host by other ways.
  const startEpoch = async () => {
    isNewEpochDue = false
    await spool.startEpoch().catch((error: unknown) => report(`no new epoch: ${String(error)}`))
  }

  dial()
  return {
    get isUp() {
      return upSince !== undefined
    },
    signal: (signal) => {
      const text = JSON.stringify({ type: 'signal', ...signal })
      if (connection?.signal(text)) late.forget(signal.channel)
      else late.keep(signal.channel, text)
    },
    close: (reason) => {
      isClosed = true
      stopTimer?.()
      if (!connection) return Promise.resolve()
      const last = connection
      return new Promise((resolve) => {
        onEnded = resolve
        last.leave(reason)
      })
    },
  }
}
