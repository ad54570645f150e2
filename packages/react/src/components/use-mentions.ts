import type { ThreadMember } from '@parley/threads/protocol'
import { useMemo, useState } from 'react'
import { type Mention, mentionAt, type OpenMention, offeredMembers, recipientsIn } from './mentions.js'
import { useThreadSettings, useThreadSnapshot } from './thread-context.js'

/** The list of members that a composer offers after an `@`, and who was picked from it. */
export function useMentions() {
  const { identityId } = useThreadSettings()
  const { members } = useThreadSnapshot()
  const [open, setOpen] = useState<OpenMention | undefined>(undefined)
  const [picked, setPicked] = useState<readonly Mention[]>([])
  const [active, setActive] = useState(0)

  const offered = useMemo(
    () => (open ? offeredMembers(members, open.query, identityId) : []),
    [open, members, identityId],
  )

  return {
    open,
    offered,
    /** The place of the member that Enter picks. */
    active: Math.min(active, Math.max(0, offered.length - 1)),
    /** The text or the caret has changed. */
    follow(text: string, caret: number): void {
      setOpen(mentionAt(text, caret))
      setActive(0)
    },
    close: () => setOpen(undefined),
    move: (by: number) => setActive((at) => (at + by + offered.length) % Math.max(1, offered.length)),
    pick({ identity_id, identity }: ThreadMember): Mention {
      const mention = { id: identity_id, name: identity.name || identity_id }
      setPicked((before) => [...before, mention])
      setOpen(undefined)
      return mention
    },
    recipients: (text: string) => recipientsIn(text, picked),
    reset(): void {
      setPicked([])
      setOpen(undefined)
    },
  }
}

export type Mentions = ReturnType<typeof useMentions>
