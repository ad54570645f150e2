/** Channels that are remembered; the longest untouched is forgotten. */
const maxChannels = 256

/**
 * The newest signal of each channel for which there was no room. WHY: whoever listens sees a gap by the number that comes next; after
 * the last one, the exit of a terminal for example, nothing would come.
 */
export interface LateSignals {
  /** There was no room for this one. */
  keep(channel: string, text: string): void
  /** A newer one was sent. */
  forget(channel: string): void
  /** Sends what is kept, until `send` says that there is no room. */
  flush(send: (text: string) => boolean): void
}

export function createLateSignals(): LateSignals {
  const newest = new Map<string, string>()
  return {
    keep: (channel, text) => {
      newest.delete(channel)
      newest.set(channel, text)
      const [longest] = newest.size > maxChannels ? newest.keys() : []
      if (longest !== undefined) newest.delete(longest)
    },
    forget: (channel) => void newest.delete(channel),
    flush: (send) => {
      for (const [channel, text] of newest) {
        if (!send(text)) return
        newest.delete(channel)
      }
    },
  }
}
