import type { ThreadSnapshot } from '@parley/threads/client'
import { useMemo } from 'react'
import { useSelected } from './use-selected.js'
import { useThreadStore } from './use-thread.js'

export type Presence = {
  /** Ids of members with a connection; empty where the server does not tell. */
  readonly online: readonly string[]
  /** Ids of others who type now. */
  readonly typing: readonly string[]
  /** Says that the user types. Call it on every key: it is sent at most every 3 s, and wears off by itself. */
  setTyping(): void
}

/** Who is there and who types. */
export function usePresence(threadId: string | undefined): Presence {
  const store = useThreadStore(threadId)
  const seen = useSelected(store, pick, isSame)
  return useMemo(() => ({ ...seen, setTyping: store.actions.setTyping }), [seen, store])
}

type Seen = Pick<ThreadSnapshot, 'online' | 'typing'>

const pick = ({ online, typing }: ThreadSnapshot): Seen => ({ online, typing })

const isSame = (before: Seen, after: Seen): boolean =>
  before.online === after.online && before.typing === after.typing
