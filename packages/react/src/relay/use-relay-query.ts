import type { RelayClient } from '@parley/relay/client'
import type { RelayKind } from '@parley/relay/protocol'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { createQuery, unasked } from '../sessions/query.js'
import type { Queried, QueryOptions } from '../sessions/use-query.js'
import { onNews } from './news.js'
import { useRelayClient } from './provider.js'

type Asking<T> = {
  /** Equal texts are the same question. */
  key: string
  ask(client: RelayClient): Promise<T>
  /** After news of these kinds it is asked again. */
  kinds: readonly RelayKind[]
  /** And so often while the page is looked at, where no news tell. Undefined: never. */
  everyMs?: number
}

/** Asks on mount, when the page gets the focus, when the server tells of something, and where that is not enough at intervals. */
export function useRelayQuery<T>(
  { key, ask, kinds, everyMs }: Asking<T>,
  { enabled = true }: QueryOptions = {},
): Queried<T> {
  const client = useRelayClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked
  const query = useMemo(() => createQuery(() => ask(client)), [client, key])
  const state = useSyncExternalStore(query.subscribe, query.read, query.read)
  const kindsKey = kinds.join(' ')

  useEffect(() => {
    if (!enabled) return
    const soon = oneAtATime(query.refresh)
    const stop = onNews(client, (news) => {
      if (news === 'ready' || kindsKey.split(' ').includes(news)) soon()
    })
    const look = () => {
      if (document.visibilityState === 'visible') soon()
    }
    const timer = everyMs === undefined ? undefined : setInterval(look, everyMs)
    window.addEventListener('focus', soon)
    soon()
    return () => {
      stop()
      clearInterval(timer)
      window.removeEventListener('focus', soon)
    }
  }, [client, query, kindsKey, everyMs, enabled])

  return useMemo(
    () => ({ ...(enabled ? state : unasked), refresh: enabled ? query.refresh : async () => {} }),
    [state, query, enabled],
  )
}

/**
 * Asks again after the answer, once, for everything that came meanwhile.
 *
 * WHY: a later question drops the answer to an earlier one. News that come faster than answers would show nothing for ever.
 */
function oneAtATime(ask: () => Promise<void>): () => void {
  let isAsking = false
  let isWanted = false
  const soon = (): void => {
    if (isAsking) {
      isWanted = true
      return
    }
    isAsking = true
    isWanted = false
    void ask().finally(() => {
      isAsking = false
      if (isWanted) soon()
    })
  }
  return soon
}
