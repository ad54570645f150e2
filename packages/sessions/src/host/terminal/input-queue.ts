import { write } from 'node:fs'
import type { Clock } from '@parley/kernel/ids'

const maxWaiting = 1024 * 1024
const pieceBytes = 4_096
const retryMs = 10

/** Input on its way to a program that may be slow to read it. */
export type InputQueue = {
  /** False when 1 MiB waits already: nothing was taken. */
  push(data: string): boolean
  close(): void
}

/**
 * Writes to the descriptor of a PTY in order. WHY: the terminal's own `write` waits in the event loop until the program has
 * read, and with it the whole host.
 */
export function createInputQueue(fd: number, clock: Clock): InputQueue {
  let waiting: Buffer[] = []
  let bytes = 0
  let isBusy = false
  let isClosed = false
  const next = () => {
    const [first] = waiting
    if (isBusy || isClosed || !first) return
    isBusy = true
    write(fd, first, 0, Math.min(first.length, pieceBytes), null, onWritten)
  }
  const onWritten = (error: NodeJS.ErrnoException | null, written: number) => {
    isBusy = false
    if (isClosed) return
    if (error?.code === 'EAGAIN') return void clock.after(retryMs, next)
    if (error) return close()
    bytes -= written
    const rest = waiting[0]?.subarray(written)
    if (rest && rest.length > 0) waiting[0] = rest
    else waiting.shift()
    next()
  }
  const close = () => {
    isClosed = true
    waiting = []
  }
  return {
    push: (data) => {
      const more = Buffer.from(data)
      if (bytes + more.length > maxWaiting) return false
      bytes += more.length
      if (more.length > 0) waiting.push(more)
      next()
      return true
    },
    close,
  }
}
