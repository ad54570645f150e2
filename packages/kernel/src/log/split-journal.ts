import type { CommitGroup, Journal } from './journal.js'

/**
 * A view of a journal as one of several nodes has it: it hears of the commits that were made through it and of no
 * others, and closing it leaves the journal open. For tests of several nodes in one process.
 */
export function splitJournal(journal: Journal): Journal {
  const listeners = new Set<(group: CommitGroup) => void>()
  return {
    ...delegate(journal),
    commit: async (unit) => {
      const result = await journal.commit(unit)
      if (result.outcome !== 'committed') return result
      const group = result.appended.filter(({ events }) => events.length > 0)
      for (const listener of listeners) listener(group)
      return result
    },
    onCommit: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {},
  }
}

// Spreading would lose the methods of a journal that is a class.
const delegate = (
  journal: Journal,
): Pick<Journal, 'read' | 'last' | 'find' | 'heads' | 'blank' | 'trim' | 'drop'> => ({
  read: (stream, options) => journal.read(stream, options),
  last: (stream, options) => journal.last(stream, options),
  find: (stream, id) => journal.find(stream, id),
  heads: (streams) => journal.heads(streams),
  blank: (stream, seqs) => journal.blank(stream, seqs),
  trim: (stream, before) => journal.trim(stream, before),
  drop: (stream) => journal.drop(stream),
})
