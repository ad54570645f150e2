import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { getWebhook, listDeliveries, listWebhooks } from './model/api.js'
import type { DeliveryState } from './model/webhook.js'

const webhooksKey = ['webhooks'] as const
const listEveryMs = 10_000
const deliveriesEveryMs = 3_000

export function useWebhooks() {
  const query = useInfiniteQuery({
    queryKey: [...webhooksKey, 'list'],
    queryFn: ({ pageParam }) => listWebhooks(pageParam),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: listEveryMs,
  })
  return { query, webhooks: query.data?.pages.flatMap((page) => page.webhooks) ?? [] }
}

export function useWebhook(id: string) {
  return useQuery({
    queryKey: [...webhooksKey, 'one', id],
    queryFn: () => getWebhook(id),
    refetchInterval: ({ state }) => (state.status === 'error' ? false : deliveriesEveryMs),
  })
}

/** Deliveries of a state, or all; read again while somebody looks at them. */
export function useDeliveries(webhookId: string, state: DeliveryState | null) {
  const query = useInfiniteQuery({
    queryKey: [...webhooksKey, 'deliveries', webhookId, state ?? 'all'],
    queryFn: ({ pageParam }) => listDeliveries(webhookId, state, pageParam),
    initialPageParam: 0,
    getNextPageParam: (last) => last.nextBefore,
    refetchInterval: deliveriesEveryMs,
  })
  return { query, deliveries: query.data?.pages.flatMap((page) => page.deliveries) ?? [] }
}

/** Reads everything about webhooks again. */
export function useRefreshWebhooks(): () => Promise<void> {
  const queries = useQueryClient()
  return useCallback(() => queries.invalidateQueries({ queryKey: webhooksKey }), [queries])
}
