import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { listRooms, listTenants } from '../model/api.js'
import { type Tenant, tenantKey } from '../model/tenant.js'

/** Everything that is read of the list begins with this. */
export const roomsKey = ['threads', 'list'] as const

/** No stream tells of rooms of all tenants, so that the list is read again while somebody looks at it. */
const everyMs = 5_000

/** The rooms of a tenant; all for one without entries. */
export function useRooms(tenant: Tenant) {
  const query = useInfiniteQuery({
    queryKey: [...roomsKey, tenantKey(tenant)],
    queryFn: ({ pageParam }) => listRooms(tenant, pageParam),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: everyMs,
  })
  return { query, rooms: query.data?.pages.flatMap((page) => page.rooms) ?? [] }
}

/** The tenants that one can choose from. */
export function useTenants() {
  return useQuery({ queryKey: [...roomsKey, 'tenants'], queryFn: listTenants, refetchInterval: everyMs })
}
