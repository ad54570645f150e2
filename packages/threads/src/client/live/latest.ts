/** Does a job at most once at a time; asked meanwhile, once more afterwards. Failures are left to `onError`. */
export function latest(job: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let isBusy = false
  let isWanted = false
  const work = async () => {
    isBusy = true
    while (isWanted) {
      isWanted = false
      await job().catch(onError)
    }
    isBusy = false
  }
  return () => {
    isWanted = true
    if (!isBusy) void work()
  }
}
