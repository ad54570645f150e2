import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { median, quantile } from './stats.js'

/** Time of one write of 4 KiB and its fsync, in milliseconds. */
export type DiskTime = { p50: number; p99: number }

/** Asks the disk that the databases of a benchmark are on. Takes about 100 fsyncs. */
export function probeDisk(times = 100): DiskTime {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-fsync-'))
  const file = openSync(join(folder, 'probe'), 'w')
  try {
    const page = Buffer.alloc(4096, 1)
    const taken = Array.from({ length: times }, () => timeOf(() => writeAndSync(file, page)))
    return { p50: median(taken), p99: quantile(taken, 0.99) }
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeAndSync(file: number, page: Buffer): void {
  writeSync(file, page)
  fsyncSync(file)
}

function timeOf(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

/** One line about the machine and how busy it is with other things. */
export function describeMachine(): string {
  const cores = availableParallelism()
  const memory = Math.round(totalmem() / 2 ** 30)
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const load = loadavg()[0]?.toFixed(1)
  return `${cores} cores (${model}), ${memory} GiB, Node ${process.versions.node}, ${process.platform}, load ${load}`
}

/** The disk's times as a report shows them. */
export const describeDisk = ({ p50, p99 }: DiskTime): string =>
  `fsync p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`
