import type { Clock, Stop } from '../../ids/index.js'

const askEveryMs = 10_000
const answerWithinMs = 10_000

type Asked = { ping(): Promise<unknown> }

/**
 * Asks both connections for a sign of life, and calls `onSilence` when one gives none. WHY: a listener sends nothing,
 * so it would not notice for many minutes that the other end has vanished.
 */
export function watchOver(connections: readonly Asked[], clock: Clock, onSilence: () => void): Stop {
  let isOver = false
  let stop = clock.after(askEveryMs, ask)
  function ask() {
    stop = clock.after(answerWithinMs, onSilence)
    const answers = Promise.all(connections.map((redis) => redis.ping()))
    // A connection that breaks meanwhile is noticed by its end.
    answers.then(askAgain, () => stop())
  }
  function askAgain() {
    stop()
    if (!isOver) stop = clock.after(askEveryMs, ask)
  }
  return () => {
    isOver = true
    stop()
  }
}
