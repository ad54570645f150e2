import { MutationCache, QueryCache, QueryClient, type QueryKey } from '@tanstack/react-query'
import { canRetry, isSignedOut } from './problem.js'

/**
 * What was read from the server. Any answer that says "sign in first" asks again who is signed in, under
 * `meKey`; the shell then leads to the sign-in.
 */
export function createQueries(meKey: QueryKey): QueryClient {
  const askAgain = (error: unknown) => {
    if (isSignedOut(error)) void queries.invalidateQueries({ queryKey: meKey })
  }
  const queries: QueryClient = new QueryClient({
    // Not for the question itself: its own refusal would ask it for ever.
    queryCache: new QueryCache({
      onError: (error, query) => query.queryKey[0] !== meKey[0] && askAgain(error),
    }),
    mutationCache: new MutationCache({ onError: askAgain }),
    defaultOptions: {
      queries: { retry: (failures, error) => failures < 2 && canRetry(error), staleTime: 5_000 },
    },
  })
  return queries
}
