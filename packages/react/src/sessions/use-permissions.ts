import type { SessionSnapshot } from '@parley/sessions/client'
import type { PendingPermission } from '@parley/sessions/protocol'
import { useCallback, useMemo, useState } from 'react'
import { useSelected } from '../hooks/use-selected.js'
import { useSessionStore } from './use-session.js'

export type Permissions = {
  /** Open questions, oldest first. */
  readonly pending: readonly PendingPermission[]
  /** Answers with an option; without one the question is cancelled. Never rejects. Answers whether it was the first. */
  respond(requestId: string, optionId?: string): Promise<boolean>
  /** Questions whose answer is on its way. */
  readonly responding: ReadonlySet<string>
  /** Why the last answer failed. */
  readonly error: unknown
}

type Answering = { responding: ReadonlySet<string>; error: unknown }

/** What the agent asks. */
export function usePermissions(sessionId: string | undefined): Permissions {
  const store = useSessionStore(sessionId)
  const pending = useSelected(store, pick, Object.is)
  const [state, setState] = useState<Answering>({ responding: new Set(), error: undefined })

  const respond = useCallback(
    async (requestId: string, optionId?: string) => {
      setState(({ responding }) => ({ responding: new Set([...responding, requestId]), error: undefined }))
      const body = optionId === undefined ? ({ outcome: 'cancelled' } as const) : { optionId }
      const failure = await store.actions.respond(requestId, body).then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      setState(({ responding, error }) => ({
        responding: new Set([...responding].filter((id) => id !== requestId)),
        error: failure ? failure.error : error,
      }))
      return failure === undefined
    },
    [store],
  )
  return useMemo(() => ({ pending, respond, ...state }), [pending, respond, state])
}

const pick = ({ pendingPermissions }: SessionSnapshot): readonly PendingPermission[] => pendingPermissions
