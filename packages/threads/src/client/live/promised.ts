/** A promise with its two ends. */
export type Promised<T> = {
  promise: Promise<T>
  resolve(value: T): void
  reject(error: Error): void
}

/** Makes one whose rejection nobody has to look at, since it is shown elsewhere as well. */
export function promised<T>(): Promised<T> {
  let ends: Pick<Promised<T>, 'resolve' | 'reject'> | undefined
  const promise = new Promise<T>((resolve, reject) => {
    ends = { resolve, reject }
  })
  promise.catch(() => undefined)
  // The executor has run.
  return { promise, ...ends! }
}
