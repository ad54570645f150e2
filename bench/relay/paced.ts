import { setTimeout as sleep } from 'node:timers/promises'

/** Calls `send` so often a second for `ms`, however long a call takes. */
export async function paced(
  { perSecond, ms }: { perSecond: number; ms: number },
  send: (n: number) => void,
): Promise<void> {
  const began = performance.now()
  for (let n = 0; ; n++) {
    const due = began + (n * 1_000) / perSecond
    if (due >= began + ms) return
    while (performance.now() < due) await sleep(1)
    send(n)
  }
}
