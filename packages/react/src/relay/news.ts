import type { RelayClient, RelayNews } from '@parley/relay/client'

type Listener = (news: RelayNews) => void

type Followed = { listeners: Set<Listener>; ending: AbortController }

// One connection for each client, however many hooks there are, and gone with it.
const followed = new WeakMap<RelayClient, Followed>()

const firstPauseMs = 1_000
const longestPauseMs = 15_000

/** Calls `listener` with everything that is told while somebody listens. Comes back by itself. Answers how to stop. */
export function onNews(client: RelayClient, listener: Listener): () => void {
  const known = followed.get(client) ?? begin(client)
  // A copy, so that the same function given twice is told twice.
  const own: Listener = (news) => listener(news)
  known.listeners.add(own)
  return () => {
    known.listeners.delete(own)
    // WHY not at once: a page that changes takes one hook down and puts another one up in the same turn.
    queueMicrotask(() => {
      if (known.listeners.size > 0 || followed.get(client) !== known) return
      followed.delete(client)
      known.ending.abort()
    })
  }
}

function begin(client: RelayClient): Followed {
  const begun: Followed = { listeners: new Set(), ending: new AbortController() }
  followed.set(client, begun)
  void follow(client, begun)
  return begun
}

async function follow(client: RelayClient, { listeners, ending: { signal } }: Followed): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      for await (const news of client.watch({ signal })) {
        failures = 0
        for (const listener of Array.from(listeners)) listener(news)
      }
    } catch {
      // Whoever asks for something is told why it can't be had; the stream only says when to ask.
    }
    await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10)), signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
