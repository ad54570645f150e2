import type { Clock } from '../ids/index.js'
import type { Delivery, Send, SendOutcome } from './port.js'

type AttemptOptions = {
  clock: Clock
  withinMs: number
  /** Aborts when the queue no longer waits. */
  cut: AbortSignal
  onFault(error: unknown, where: string): void
}

const maxErrorChars = 500
const tooSlow: SendOutcome = { outcome: 'retry', error: 'It took too long.' }

/** One call of `send` that ends in time, whatever `send` does; nothing when it was cut off. */
export async function attemptWith(
  send: Send,
  delivery: Delivery,
  { clock, withinMs, cut, onFault }: AttemptOptions,
): Promise<SendOutcome | undefined> {
  const slow = new AbortController()
  const stopTimer = clock.after(withinMs, () => slow.abort())
  const signal = AbortSignal.any([slow.signal, cut])
  const aborted = whenAborted(signal)
  try {
    const outcome = await Promise.race([callSend(send, delivery, signal, onFault), aborted.promise])
    if (outcome) return tidy(outcome)
    return cut.aborted ? undefined : tooSlow
  } finally {
    stopTimer()
    aborted.forget()
  }
}

async function callSend(
  send: Send,
  delivery: Delivery,
  signal: AbortSignal,
  onFault: AttemptOptions['onFault'],
): Promise<SendOutcome | undefined> {
  try {
    return await send(delivery, { signal })
  } catch (error) {
    // What ends because it was told to has no news.
    if (signal.aborted) return undefined
    onFault(error, 'delivery.send')
    return { outcome: 'retry', error: 'The sender failed.' }
  }
}

function whenAborted(signal: AbortSignal) {
  let forget = () => {}
  const promise = new Promise<undefined>((resolve) => {
    if (signal.aborted) return resolve(undefined)
    const onAbort = () => resolve(undefined)
    signal.addEventListener('abort', onAbort, { once: true })
    forget = () => signal.removeEventListener('abort', onAbort)
  })
  return { promise, forget: () => forget() }
}

// OUTSIDE: Postgres takes no NUL in a text.
function tidy(outcome: SendOutcome): SendOutcome {
  if (outcome.outcome === 'sent') return outcome
  return { ...outcome, error: outcome.error.replaceAll('\0', '').slice(0, maxErrorChars) }
}
