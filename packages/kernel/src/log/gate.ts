/** Runs at most `width` jobs at a time, the others in order of arrival. Its caller bounds how many can wait. */
export function createGate(width: number): (job: () => Promise<void>) => void {
  const waiting: (() => Promise<void>)[] = []
  let running = 0

  const next = (): void => {
    while (running < width) {
      const job = waiting.shift()
      if (!job) return
      running += 1
      void job().finally(() => {
        running -= 1
        next()
      })
    }
  }

  return (job) => {
    waiting.push(job)
    next()
  }
}
