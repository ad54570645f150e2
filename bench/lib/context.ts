import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Budget } from './budget.js'
import type { Measured } from './measured.js'

/** What a benchmark is given. */
export type Context = {
  readonly budget: Budget
  /** Where child processes leave their CPU profiles; undefined: they make none. */
  readonly profileTo?: string
  /** Says something that is no result. */
  say(text: string): void
  /** A new folder on the disk that temporary files are on, removed at the end. */
  folder(): Promise<string>
  /** Runs at the end, the last added first. */
  atEnd(stop: () => unknown): void
}

/** One benchmark. `run` answers no lines, after saying why, where something it needs is missing. */
export type Benchmark = {
  name: string
  about: string
  run(context: Context): Promise<Measured[]>
}

type ContextOptions = Pick<Context, 'budget' | 'profileTo' | 'say'>

/** Runs `work` with a context and takes down everything it began, also when it fails. */
export async function withContext<T>(
  options: ContextOptions,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const stops: (() => unknown)[] = []
  const context: Context = {
    ...options,
    atEnd: (stop) => void stops.push(stop),
    folder: async () => {
      const path = await mkdtemp(join(tmpdir(), 'parley-bench-'))
      stops.push(() => rm(path, { recursive: true, force: true }))
      return path
    },
  }
  try {
    return await work(context)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}
