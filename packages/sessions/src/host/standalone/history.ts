// What a standalone host keeps of its sessions, in memory, for whoever subscribes (section 3.2.3).

/** `text`: the event's JSON. */
export type KeptEvent = { seq: number; text: string; event: { type: string; data: Record<string, unknown> } }

export interface History {
  add(sessionId: string, event: KeptEvent): void
  /** What is kept after `since`; `isCut`: something after it is gone. */
  after(sessionId: string, since: number): { events: KeptEvent[]; isCut: boolean }
  /** The oldest first. */
  sessions(): string[]
}

export type HistoryLimits = { events: number; chars: number; sessions: number; allChars: number }

/** 5,000 events and 16 Mi characters of a session; 512 sessions and 128 Mi characters of all, ended ones included. */
const historyLimits: HistoryLimits = {
  events: 5_000,
  chars: 16 * 1024 * 1024,
  sessions: 512,
  allChars: 128 * 1024 * 1024,
}

type Kept = { events: KeptEvent[]; chars: number; cutSeq: number }

export function createHistory(limits: HistoryLimits = historyLimits): History {
  const all = new Map<string, Kept>()
  let allChars = 0
  const forgetOldest = () => {
    const [oldest] = all
    if (!oldest) return
    allChars -= oldest[1].chars
    all.delete(oldest[0])
  }
  const open = (sessionId: string): Kept => {
    const kept = all.get(sessionId) ?? { events: [], chars: 0, cutSeq: 0 }
    // Put behind all others, so that the one that was silent longest goes first.
    all.delete(sessionId)
    all.set(sessionId, kept)
    if (all.size > limits.sessions) forgetOldest()
    return kept
  }
  return {
    add: (sessionId, event) => {
      const kept = open(sessionId)
      kept.events.push(event)
      const before = kept.chars
      kept.chars += event.text.length
      cut(kept, limits)
      allChars += kept.chars - before
      while (allChars > limits.allChars && all.size > 1) forgetOldest()
    },
    after: (sessionId, since) => {
      const kept = all.get(sessionId)
      if (!kept) return { events: [], isCut: false }
      return { events: kept.events.filter(({ seq }) => seq > since), isCut: kept.cutSeq > since }
    },
    sessions: () => [...all.keys()],
  }
}

/** A tenth at a time: moving the rest for each event would cost more than the event. */
function cut(kept: Kept, limits: HistoryLimits): void {
  if (kept.events.length <= limits.events && kept.chars <= limits.chars) return
  // Of those that are there: a few large events are as much as many small ones.
  let gone = Math.ceil(kept.events.length / 10)
  let chars = kept.events.slice(0, gone).reduce((sum, { text }) => sum + text.length, 0)
  for (; kept.chars - chars > limits.chars && gone < kept.events.length; gone++)
    chars += kept.events[gone]!.text.length
  kept.cutSeq = kept.events[gone - 1]?.seq ?? kept.cutSeq
  kept.events = kept.events.slice(gone)
  kept.chars -= chars
}
