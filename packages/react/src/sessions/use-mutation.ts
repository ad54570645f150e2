import type { SessionsClient } from '@parley/sessions/client'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Topic, tellChanged } from './changes.js'
import { useSessionsClient } from './provider.js'

export type MutationOptions<Input, Output> = {
  /** Before anything is sent, for example to show the outcome at once. */
  onMutate?(input: Input): void
  onSuccess?(output: Output, input: Input): void
  onError?(error: unknown, input: Input): void
  /** After either. */
  onSettled?(): void
}

export type Mutation<Input, Output> = {
  /** Never throws: see `error`, or give `onError`. */
  mutate(input: Input): void
  /** Rejects with a `SessionsClientError`. */
  mutateAsync(input: Input): Promise<Output>
  readonly isPending: boolean
  readonly data: Output | undefined
  readonly error: unknown
}

type Acting<Input, Output> = {
  act(client: SessionsClient, input: Input): Promise<Output>
  /** What is to be read anew afterwards. */
  changes: readonly Topic[]
}

type State<Output> = { isPending: boolean; data: Output | undefined; error: unknown }

/** Something that changes the server; lists that show it are read anew. */
export function useMutation<Input, Output>(
  acting: Acting<Input, Output>,
  options: MutationOptions<Input, Output> = {},
): Mutation<Input, Output> {
  const client = useSessionsClient()
  const [state, setState] = useState<State<Output>>({ isPending: false, data: undefined, error: undefined })
  const latest = useRef({ acting, options })
  useEffect(() => {
    latest.current = { acting, options }
  })

  const mutateAsync = useCallback(
    async (input: Input) => {
      const { acting: now, options: told } = latest.current
      told.onMutate?.(input)
      setState({ isPending: true, data: undefined, error: undefined })
      try {
        const data = await now.act(client, input)
        setState({ isPending: false, data, error: undefined })
        told.onSuccess?.(data, input)
        return data
      } catch (error) {
        setState({ isPending: false, data: undefined, error })
        told.onError?.(error, input)
        throw error
      } finally {
        told.onSettled?.()
        tellChanged(client, now.changes)
      }
    },
    [client],
  )
  const mutate = useCallback((input: Input) => void mutateAsync(input).catch(() => undefined), [mutateAsync])
  return useMemo(() => ({ mutate, mutateAsync, ...state }), [mutate, mutateAsync, state])
}
