import type { LiveThread } from '@parley/threads/client'

/** What one can do in a thread. While it is not open they reject with the code `closed`, except the last two. */
export type ThreadActions = Omit<LiveThread, 'id' | 'snapshot' | 'subscribe' | 'typing' | 'close'> & {
  /** Says that the user types. Call it on every key: it is sent at most every 3 s, and wears off by itself. */
  setTyping(): void
}

/** The actions of whichever thread is open when they are called. `live` throws when none is. */
export function threadActions(live: () => LiveThread): ThreadActions {
  return {
    send: async (...given) => live().send(...given),
    retry: async (...given) => live().retry(...given),
    answerForm: async (...given) => live().answerForm(...given),
    edit: async (...given) => live().edit(...given),
    remove: async (...given) => live().remove(...given),
    approve: async (...given) => live().approve(...given),
    reject: async (...given) => live().reject(...given),
    invoke: async (...given) => live().invoke(...given),
    cancelRun: async (...given) => live().cancelRun(...given),
    loadOlder: async () => live().loadOlder(),
    markRead: async (...given) => live().markRead(...given),
    discard: (clientId) => ifOpen(live, (thread) => thread.discard(clientId)),
    setTyping: () => ifOpen(live, (thread) => thread.typing()),
  }
}

// These two answer nothing, so that an event handler may call them at any time.
function ifOpen(live: () => LiveThread, act: (thread: LiveThread) => void): void {
  let thread: LiveThread
  try {
    thread = live()
  } catch {
    return
  }
  act(thread)
}
