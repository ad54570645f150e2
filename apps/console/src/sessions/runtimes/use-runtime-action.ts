import { useMutation, useQueryClient } from '@tanstack/react-query'
import { told } from '../client/problems.js'
import { runtimesKey } from '../create/use-offers.js'

/** Does something with a runtime, and reads them again. */
export function useRuntimeAction() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (work: () => Promise<unknown>) => told(work()),
    onSettled: () => queries.invalidateQueries({ queryKey: runtimesKey }),
  })
}
