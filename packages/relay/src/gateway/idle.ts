import type { Clock } from '@parley/kernel/ids'
import { limits } from '../protocol/index.js'

/** Asking the connector to buffer, and hearing that it does (contract 7.2). */
export interface Idle {
  go(withinMs?: number): Promise<boolean>
  acked(): void
  lost(): void
}

/** `ask`: false when there is no connection. */
export function createIdle({ clock, ask }: { clock: Clock; ask(): boolean }): Idle {
  let waiting: ((isAcked: boolean) => void)[] = []
  const answer = (isAcked: boolean) => {
    const told = waiting
    waiting = []
    for (const tell of told) tell(isAcked)
  }
  return {
    go: (withinMs = limits.idleAckMs) => {
      // One question is enough for all who wait.
      if (waiting.length === 0 && !ask()) return Promise.resolve(false)
      return new Promise((resolve) => {
        const stop = clock.after(withinMs, () => {
          waiting = waiting.filter((one) => one !== tell)
          resolve(false)
        })
        const tell = (isAcked: boolean) => {
          stop()
          resolve(isAcked)
        }
        waiting.push(tell)
      })
    },
    acked: () => answer(true),
    lost: () => answer(false),
  }
}
