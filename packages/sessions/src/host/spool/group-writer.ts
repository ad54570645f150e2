// Group commit: what arrives while a write is under way is written together, next.

export interface GroupWriter<T> {
  push(item: T): void
  /** Resolves when everything pushed so far is written. Rejects when it could not be. */
  written(): Promise<void>
  /** Runs something between two writes. */
  between<R>(task: () => Promise<R>): Promise<R>
  /** Items that are not written yet, those under way included. */
  readonly waiting: number
}

export type GroupWriterOptions<T> = {
  /** Writes and syncs. One call at a time. */
  write(items: readonly T[]): Promise<void>
  /** Told once of a write that failed; nothing is written after it. */
  onFailure(error: unknown): void
}

type Waiter = { upTo: number; resolve(): void; reject(error: unknown): void }

export function createGroupWriter<T>({ write, onFailure }: GroupWriterOptions<T>): GroupWriter<T> {
  let items: T[] = []
  let tasks: (() => Promise<void>)[] = []
  let pushed = 0
  let written = 0
  let waiters: Waiter[] = []
  let isRunning = false
  let failure: { error: unknown } | undefined

  const wake = () => {
    if (isRunning || failure) return
    isRunning = true
    // What this turn of the event loop still brings travels in the same write.
    setImmediate(() => void run())
  }
  const run = async () => {
    while (!failure && (items.length > 0 || tasks.length > 0)) await step().catch(fail)
    isRunning = false
  }
  const step = async () => {
    const [task, ...rest] = tasks
    tasks = rest
    if (task) return task()
    const batch = items
    items = []
    await write(batch)
    written += batch.length
    settle()
  }
  const settle = () => {
    const done = waiters.filter(({ upTo }) => upTo <= written)
    waiters = waiters.filter(({ upTo }) => upTo > written)
    for (const { resolve } of done) resolve()
  }
  const fail = (error: unknown) => {
    failure = { error }
    for (const { reject } of waiters) reject(error)
    waiters = []
    onFailure(error)
  }

  return {
    push: (item) => {
      if (failure) return
      items.push(item)
      pushed++
      wake()
    },
    written: () => {
      if (failure) return Promise.reject(failure.error)
      if (written === pushed) return Promise.resolve()
      return new Promise((resolve, reject) => void waiters.push({ upTo: pushed, resolve, reject }))
    },
    between: (task) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure.error)
        // Rejects with what the task throws; that is its caller's business, and no failure of the writer.
        tasks.push(() => task().then(resolve, reject))
        wake()
      }),
    get waiting() {
      return pushed - written
    },
  }
}
