export type QueryState<T> = {
  /** The newest answer; it stays while the next one is asked for. */
  readonly data: T | undefined
  /** Until the first answer. */
  readonly isLoading: boolean
  /** While something is asked, the first time included. */
  readonly isRefreshing: boolean
  /** Why the last question failed. A `SessionsClientError`. */
  readonly error: unknown
}

/** A question that is asked again as a whole. */
export type Query<T> = {
  subscribe(listener: () => void): () => void
  read(): QueryState<T>
  /** Never rejects: see `error`. An answer to an earlier question is dropped. */
  refresh(): Promise<void>
}

export function createQuery<T>(ask: () => Promise<T>): Query<T> {
  const listeners = new Set<() => void>()
  let state: QueryState<T> = { data: undefined, isLoading: true, isRefreshing: false, error: undefined }
  let question = 0

  const set = (change: Partial<QueryState<T>>): void => {
    state = { ...state, ...change }
    for (const listener of Array.from(listeners)) listener()
  }

  async function refresh(): Promise<void> {
    const mine = ++question
    set({ isRefreshing: true })
    const answer = await ask().then(
      (data) => ({ data, error: undefined }),
      (error: unknown) => ({ error }),
    )
    if (mine === question) set({ ...answer, isLoading: false, isRefreshing: false })
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => state,
    refresh,
  }
}

/** What is shown of a question that is not asked. */
export const unasked: QueryState<never> = {
  data: undefined,
  isLoading: false,
  isRefreshing: false,
  error: undefined,
}
