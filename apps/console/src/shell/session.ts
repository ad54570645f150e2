import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getMe, type Me, signOut } from '../api/account.js'

export const meKey = ['me'] as const

/** Who is signed in; fails with a `Problem` of status 401 when nobody is. */
export function useMe() {
  return useQuery<Me>({ queryKey: meKey, queryFn: getMe, staleTime: 60_000 })
}

/** Signs out and forgets everything that was read. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await signOut()
    queries.clear()
    // A fresh page: nothing of the last person stays in memory.
    window.location.assign('/sign-in')
  }
}
