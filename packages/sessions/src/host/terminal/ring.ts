import type { TerminalSignal } from '../../protocol/index.js'

/** An event with the size that the terminal had. `text` is what it adds to the screen. */
export type Kept = { signal: TerminalSignal; text: string; bytes: number; cols: number; rows: number }

/** What an event costs in memory beside its text. */
const overhead = 200

/** The newest events of one terminal. Its first one, and what stands for the output that was cut, always stay. */
export type Ring = {
  readonly bytes: number
  add(signal: TerminalSignal, text: string, size: { cols: number; rows: number }): void
  /** The oldest output, whole events, that must go for `keep` bytes to be left. */
  oldest(keep: number): readonly Kept[]
  /** Puts one event in the place of the oldest output. */
  replace(cut: readonly Kept[], by: TerminalSignal): void
  /** Events with a greater number, in order. */
  after(seq: number): TerminalSignal[]
  /** The number up to which output was cut; 0 while all is kept. */
  readonly cutSeq: number
}

export function createRing(): Ring {
  let first: TerminalSignal | undefined
  let instead: TerminalSignal | undefined
  let kept: Kept[] = []
  let bytes = 0
  return {
    get bytes() {
      return bytes
    },
    get cutSeq() {
      return instead?.seq ?? 0
    },
    add: (signal, text, size) => {
      if (!first) {
        first = signal
        return
      }
      const cost = Buffer.byteLength(text) + overhead
      bytes += cost
      kept.push({ signal, text, bytes: cost, ...size })
    },
    oldest: (keep) => {
      let left = bytes
      const end = kept.findIndex((one) => {
        const isEnough = left <= keep
        left -= one.bytes
        return isEnough
      })
      return end < 0 ? kept.slice() : kept.slice(0, end)
    },
    replace: (cut, by) => {
      kept = kept.slice(cut.length)
      bytes -= cut.reduce((sum, one) => sum + one.bytes, 0)
      instead = by
    },
    after: (seq) =>
      [first, instead, ...kept.map(({ signal }) => signal)].filter(
        (signal): signal is TerminalSignal => signal !== undefined && signal.seq > seq,
      ),
  }
}
