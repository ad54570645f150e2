import type { Bus, Head } from '../bus/index.js'
import type { StreamId } from '../ids/index.js'

/** A bus with nobody on the other side: it keeps what is sent, and says what it is told to. */
export type ScriptedBus = Bus & {
  sent: Head[]
  hint(stream: StreamId, seq: number): void
  gap(): void
  /** Listeners that are registered now. */
  listeners(): number
}

export function scriptedBus(): ScriptedBus {
  const moved = new Set<(heads: readonly Head[]) => void>()
  const signals = new Set<(stream: StreamId, payload: string) => void>()
  const gaps = new Set<() => void>()
  const listen = <T>(set: Set<T>, listener: T) => {
    set.add(listener)
    return () => void set.delete(listener)
  }
  const bus: ScriptedBus = {
    node: 'node_scripted',
    sent: [],
    moved: (heads) => void bus.sent.push(...heads),
    onMoved: (listener) => listen(moved, listener),
    signal: () => {},
    onSignal: (listener) => listen(signals, listener),
    onGap: (listener) => listen(gaps, listener),
    request: async () => '',
    serve: () => () => {},
    ready: async () => {},
    close: async () => {},
    hint: (stream, seq) => {
      for (const listener of moved) listener([{ stream, seq }])
    },
    gap: () => {
      for (const listener of gaps) listener()
    },
    listeners: () => moved.size + signals.size + gaps.size,
  }
  return bus
}
