import type { Bus } from './port.js'

/**
 * A bus that loses every n-th hint and every n-th signal it is given, without a word: what stands on a bus must not
 * need them. Questions pass.
 */
export function lossyBus(bus: Bus, every: number): Bus {
  const isKept = { moved: counter(every), signal: counter(every) }
  return {
    ...bus,
    moved(heads) {
      if (isKept.moved()) bus.moved(heads)
    },
    signal(stream, payload) {
      if (isKept.signal()) bus.signal(stream, payload)
    },
  }
}

function counter(every: number): () => boolean {
  let calls = 0
  return () => {
    calls += 1
    return calls % every !== 0
  }
}
