import type { SessionSnapshot } from '@parley/sessions/client'
import type { PromptQueueState } from '@parley/sessions/protocol'
import { useMemo } from 'react'
import { type Action, useAction } from '../hooks/use-action.js'
import { useSelected } from '../hooks/use-selected.js'
import { useSessionStore } from './use-session.js'

export type Prompt = {
  /** Resolves when the prompt was taken. Several may be on their way; one that was refused stays in the timeline. */
  send(text: string): Promise<boolean>
  /** Ends the running turn. */
  readonly cancel: Action<[]>
  readonly isProcessing: boolean
  readonly queue: PromptQueueState | undefined
  /** True while prompts can be sent: the session has not ended and is there. */
  readonly canSend: boolean
}

/** What a box to write in needs. */
export function usePrompt(sessionId: string | undefined): Prompt {
  const store = useSessionStore(sessionId)
  const seen = useSelected(store, pick, isSame)
  const cancel = useAction(() => store.actions.cancel())
  return useMemo(
    () => ({
      ...seen,
      cancel,
      send: (text: string) =>
        store.actions.prompt(text).then(
          () => true,
          // The timeline shows it, with its reason.
          () => false,
        ),
    }),
    [seen, cancel, store],
  )
}

type Seen = Pick<Prompt, 'isProcessing' | 'queue' | 'canSend'>

const open: ReadonlySet<string> = new Set(['live', 'reconnecting'])

const pick = ({ isProcessing, queue, status }: SessionSnapshot): Seen => ({
  isProcessing,
  queue,
  canSend: open.has(status),
})

const isSame = (before: Seen, after: Seen): boolean =>
  before.isProcessing === after.isProcessing &&
  before.queue === after.queue &&
  before.canSend === after.canSend
