import type { ReceiptState } from '@parley/relay/protocol'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask } from '../client/relay-client.js'
import { topicKey } from '../live/keys.js'

/** No event tells what became of an action. */
const everyMs = 5_000
const pageSize = 50

export type ReceiptFilter = ReceiptState | 'all'

/** Receipts of a state, or all, the newest first. `tenant` empty: of all. */
export function useReceipts(state: ReceiptFilter, tenant: string) {
  const query = useInfiniteQuery({
    queryKey: [...topicKey('receipts'), 'list', state, tenant],
    queryFn: ({ pageParam }) =>
      ask((relay) =>
        relay.listReceipts({
          limit: pageSize,
          ...(pageParam !== '' && { before: pageParam }),
          ...(state !== 'all' && { state }),
          ...(tenant !== '' && { tenant }),
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    refetchInterval: everyMs,
  })
  return { query, receipts: query.data?.pages.flatMap((page) => page.receipts) ?? [] }
}

export const useReceiptCounts = (tenant: string) =>
  useQuery({
    queryKey: [...topicKey('receipts'), 'counts', tenant],
    queryFn: () => ask((relay) => relay.countReceipts({ tenant: tenant || undefined })),
    refetchInterval: everyMs,
  })
