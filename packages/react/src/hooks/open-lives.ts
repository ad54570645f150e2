/** Something that is followed until it is closed. */
type Live = { subscribe(listener: () => void): () => void; close(): void }

/** What a store for `useSyncExternalStore` is made of: open while somebody subscribes. */
export type OpenLives<T extends Live> = {
  subscribe(listener: () => void): () => void
  newest(): T | undefined
}

/** `open` undefined is something that never opens. */
export function createOpenLives<T extends Live>(open: (() => T) | undefined): OpenLives<T> {
  // WHY a set: StrictMode subscribes twice, and React may subscribe anew before it lets go of the old subscription.
  const lives = new Set<T>()
  return {
    subscribe(listener) {
      if (!open) return () => {}
      const live = open()
      lives.add(live)
      const stop = live.subscribe(listener)
      return () => {
        stop()
        lives.delete(live)
        live.close()
      }
    },
    newest: () => [...lives].at(-1),
  }
}
