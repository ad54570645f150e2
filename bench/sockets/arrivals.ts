import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../lib/stats.js'
import { createFrameReader } from './frame-reader.js'

/** How many clients read every frame; the others' frames are counted by their length. */
const readers = 10
/** How long a measurement waits for its first frame. */
const noFrameMs = 30_000

/** `gaps`: events that a reader missed or saw twice. Latencies in milliseconds, over the readers. */
export type Received = { frames: number; seconds: number; gaps: number; p50: number; p99: number }

/** What one frame tells of its event: its number in its stream, and when it was sent in milliseconds since 1970. */
export type Seen = { stream?: string; n: number; at: number }

/** Counts what many sockets receive. `parse`: undefined for a frame that is no event. */
export function createArrivals(parse: (payload: string) => Seen | undefined) {
  let bytes = 0
  let readBytes = 0
  let readFrames = 0
  let gaps = 0
  let latencies: number[] = []
  let reading = 0

  function reader(): (chunk: Buffer) => void {
    const lasts = new Map<string, number>()
    const take = createFrameReader((payload) => {
      const seen = parse(payload)
      if (!seen) return
      latencies.push(performance.timeOrigin + performance.now() - seen.at)
      const { stream = '', n } = seen
      const last = lasts.get(stream)
      if (last !== undefined && n !== last + 1) gaps += 1
      lasts.set(stream, n)
      readFrames += 1
    })
    return (chunk) => {
      bytes += chunk.length
      readBytes += chunk.length
      take(chunk)
    }
  }

  return {
    /** What takes the bytes of one more socket. The first few that are not silent read every frame. */
    consumer(isSilent: boolean): (chunk: Buffer) => void {
      if (!isSilent && reading < readers) {
        reading += 1
        return reader()
      }
      return (chunk) => {
        bytes += chunk.length
      }
    },
    /**
     * Counts what arrives during `ms`, and longer when nothing has: a busy machine may need more than a short run's time
     * for its first frame. All frames must have the same length. Rejects when nothing comes for half a minute.
     */
    async measure({ ms }: { ms: number }): Promise<Received> {
      const before = { bytes, readBytes, readFrames, gaps, at: performance.now() }
      latencies = []
      await sleep(ms)
      while (readFrames === before.readFrames) {
        if (performance.now() - before.at > noFrameMs) throw new Error('No frame has arrived.')
        await sleep(5)
      }
      const frameBytes = (readBytes - before.readBytes) / (readFrames - before.readFrames)
      return {
        frames: (bytes - before.bytes) / frameBytes,
        seconds: (performance.now() - before.at) / 1000,
        gaps: gaps - before.gaps,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
      }
    },
    /** Resolves when nothing has arrived for a while. */
    async settled(): Promise<void> {
      for (let seen = -1; seen !== bytes; ) {
        seen = bytes
        await sleep(60)
      }
    },
  }
}
